"""The registry: what ships, what other packages add, and what is said of unknown names."""

from __future__ import annotations

import pytest

from convgif.errors import InputError
from convgif.registry import FORMATS, LANGUAGES, LAYERS, SNIPPETS, THEMES, VIEWS, Registry

ALL = [LAYERS, VIEWS, FORMATS, THEMES, LANGUAGES, SNIPPETS]


def test_a_name_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        VIEWS["isometrc"]
    assert "isometrc" not in VIEWS
    assert not VIEWS.__contains__(3)


@pytest.mark.parametrize("registry", ALL, ids=lambda registry: registry.noun)
def test_an_unknown_name_is_answered_with_the_nearest(registry: Registry) -> None:
    for name in registry:
        with pytest.raises(InputError) as caught:
            registry.named(f"{name}x")
        assert f"there is no such {registry.noun}; did you mean " in str(caught.value)


@pytest.mark.parametrize("registry", ALL, ids=lambda registry: registry.noun)
def test_nothing_but_a_name_is_a_name(registry: Registry) -> None:
    for value in (None, 3, ["gif"], ""):
        with pytest.raises(InputError, match=f"there is no such {registry.noun}"):
            registry.named(value)


def test_words_of_other_libraries_lead_to_ours() -> None:
    for kind in LAYERS.values():
        for word in kind.also_called:
            assert f"did you mean {kind.name}?" in LAYERS.unknown(word)
    assert "did you mean conv_transpose?" in LAYERS.unknown("deconv")
