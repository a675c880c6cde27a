"""What a theme is made of, and laws that hold for every theme that ships."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.arithmetic import Conv, ConvTranspose, MaxPool
from convgif.drawing.composition import compose
from convgif.drawing.roles import AREAS, LINES, ROLES, TEXTS
from convgif.drawing.scene import Item, Line, Polygon, Scene, Text
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.registry import THEMES, VIEWS
from convgif.themes import counterpart
from convgif.themes.theme import WRITTEN_ON, Color, Theme, blend, contrast, unreadable
from tests.arithmetic.strategies import REPEATABLE

BYTES = st.integers(0, 255)
COLORS = st.tuples(BYTES, BYTES, BYTES)
BLACK: Final = (0, 0, 0)
WHITE: Final = (255, 255, 255)
SOLARIZED: Final[Theme] = THEMES["solarized"]

ORIGINAL: Final = {
    "paper": WHITE,
    "input": (38, 139, 210),
    "output": (42, 161, 152),
    "shadow_on_canvas": (156, 175, 179),
    "shadow_on_input": (24, 100, 144),
    "shadow_on_output": (28, 118, 118),
    "line": (0, 43, 54),
    "sight": BLACK,
    "blank": None,
}
"""The colours of the original figures: Solarized, the shadow base02 at 40 %, and at 46 % on the input."""
MUTED: Final = {
    "input": (127, 166, 200),
    "cut": (191, 210, 228),
    "blank": (226, 226, 226),
    "kernel": (221, 128, 71),
    "output": (165, 171, 129),
    "pending": (219, 221, 205),
    "shadow_on_canvas": (236, 185, 154),
    "shadow_on_input": (176, 83, 31),
    "shadow_on_output": (91, 94, 71),
    "line": WHITE,
}
"""Those of the kernel and the output as they were asked for, and the others far enough apart."""


def color(theme: Theme, role: str) -> Color:
    """The colour of a role that has one."""
    found = theme[role].color
    assert found is not None
    return found


@pytest.mark.parametrize(("name", "known"), [("solarized", ORIGINAL), ("muted", MUTED)])
def test_themes_have_the_colours_that_they_are_known_for(name: str, known: dict[str, Color | None]) -> None:
    assert {role: THEMES[name][role].color for role in known} == known


# Laws of all themes that ship


@pytest.mark.parametrize("name", THEMES)
def test_a_theme_has_a_style_for_every_role_and_says_what_it_is_like(name: str) -> None:
    theme = THEMES[name]
    assert list(theme) == list(ROLES)
    assert len(theme) == len(ROLES)
    assert all(theme[role].color is not None for role in (*LINES, *TEXTS, "paper"))
    assert all(theme[role].hatch is None for role in (*LINES, *TEXTS))
    assert theme.meaning
    assert not theme.meaning.endswith(".")
    with pytest.raises(KeyError):
        theme["roof"]


@pytest.mark.parametrize("name", THEMES)
def test_every_theme_has_a_counterpart_with_a_dark_ground(name: str) -> None:
    """So no figure is a white block on a dark page; a dark theme is its own."""
    night = counterpart(THEMES[name])
    assert night is not None
    assert light(color(night, "paper")) < 0.05
    assert light(color(night, "text")) > 0.5
    assert counterpart(night) == night
    if light(color(THEMES[name], "paper")) < 0.5:
        assert night == THEMES[name]
    else:
        assert night["words"].font == THEMES[name]["words"].font or name == "solarized"


@pytest.mark.parametrize("name", THEMES)
def test_what_a_cell_is_can_be_told_from_its_colour(name: str) -> None:
    """Cells that mean different things in one figure never look the same."""
    theme = THEMES[name]
    canvas = [theme[role].color or theme.paper for role in ("blank", "input", "cut")]
    assert theme["copy"] == theme["cut"], "no layer has both"
    on_canvas = [*canvas, color(theme, "shadow_on_canvas"), color(theme, "shadow_on_input")]
    on_output = [color(theme, role) for role in ("pending", "output", "shadow_on_output")]
    # Greys have no hue to be told by, but lines around all cells.
    least = 15 if name.startswith("print") else 20
    for colors in (on_canvas, on_output):
        for number, one in enumerate(colors):
            for other in colors[:number]:
                assert one is not None
                assert other is not None
                assert max(abs(a - b) for a, b in zip(one, other, strict=True)) >= least


@pytest.mark.parametrize("name", THEMES)
def test_lines_that_carry_the_drawing_can_be_seen(name: str) -> None:
    """By WCAG 2.2, 1.4.11: a contrast of 3 with the paper, unless all cells are filled, as the muted ones are.

    There padding recedes: it is but the ground that the input and the kernel lie on.
    """
    theme = THEMES[name]
    paper = color(theme, "paper")
    assert ratio(color(theme, "sight"), paper) >= 3
    assert theme["words_line"].color == theme["words"].color
    if (blank := theme["blank"].color) is None:
        assert ratio(color(theme, "line"), paper) >= 3
        assert theme["blank_line"].dash
    else:
        assert ratio(blank, paper) >= 1.25
        assert ratio(color(theme, "line"), blank) >= 1.25
        assert not theme["blank_line"].dash


SHADED: Final = (("paper", "shadow_on_canvas"), ("input", "shadow_on_input"), ("output", "shadow_on_output"))


@pytest.mark.parametrize(("plain", "shaded"), SHADED)
def test_shaded_cells_are_told_without_their_hue(plain: str, shaded: str) -> None:
    """In the themes that are for this: hatched by the one, by lightness in print."""
    for day in ("colorblind", "print"):
        for theme in (THEMES[day], counterpart(THEMES[day])):
            assert theme is not None
            if day == "print":
                assert ratio(color(theme, shaded), color(theme, plain)) >= 3
            else:
                hatch = theme[shaded].hatch
                assert hatch is not None
                assert ratio(hatch, color(theme, shaded)) >= 3


@pytest.mark.parametrize("name", THEMES)
def test_hatching_is_for_what_is_shaded_and_what_is_cropped(name: str) -> None:
    """Crops in every theme, the shadow in those for readers who see hues alike."""
    hatched = {role for role in AREAS if THEMES[name][role].hatch is not None}
    shadows = {shaded for _, shaded in SHADED} if name.startswith("colorblind") else set()
    assert hatched == {"crop"} | shadows


@pytest.mark.parametrize("name", ["print", "print-dark"])
def test_print_is_grey(name: str) -> None:
    """Ink of no hue at all."""
    assert all(len(set(style.color)) == 1 for style in THEMES[name].values() if style.color is not None)


# Text that can be read


def light(color: Color) -> float:
    """Relative luminance, from the guidelines of the web."""
    linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in color]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(a: Color, b: Color) -> float:
    """Their contrast, 1 to 21."""
    dark, bright = sorted((light(a), light(b)))
    return (bright + 0.05) / (dark + 0.05)


@REPEATABLE
@given(COLORS, COLORS)
def test_contrast_is_that_of_the_guidelines(one: Color, other: Color) -> None:
    """Whichever colour comes first; and 21 at most."""
    assert contrast(one, other) == pytest.approx(ratio(one, other), rel=1e-9)
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21
    assert contrast(one, one) == 1


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [((119, 119, 119), WHITE, 4.48), ((118, 118, 118), WHITE, 4.54), ((255, 0, 0), WHITE, 4.0), (BLACK, WHITE, 21)],
)
def test_contrasts_that_are_known_well(one: Color, other: Color, known: float) -> None:
    assert contrast(one, other) == pytest.approx(known, abs=0.005)


def figures() -> Iterator[Figure]:
    """Figures that write on everything that there is, in every view that draws them."""
    transposed = ConvTranspose(3, 3, stride=2, padding=1)
    for view in VIEWS:
        for layer in (Conv(4, 3, padding=1), transposed, MaxPool(4, 2), ConvTranspose(4, 2, padding=2)):
            if VIEWS[view].suits(layer):
                for random in (0, None):
                    extras = {
                        declared.option.name: True
                        for declared in VIEWS[view].options
                        if isinstance(layer, declared.layers) and (random is not None or not declared.numbered)
                    }
                    yield Figure(layer, view=view, random=random, labels=True, caption=True, title="T", **extras)


def written_on(scene: Scene) -> set[tuple[str, str]]:
    """The role of every text that is seen, and of the area that it lies on: in some frames."""
    last = len(scene.durations) - 1
    found: set[tuple[str, str]] = set()
    for frame in {0, last // 3, last // 2, last}:
        items = [scene.ground, *(item for track in scene.tracks for item in track.at(frame))]
        for number, text in enumerate(items):
            if isinstance(text, Text):
                below = [item for item in items[:number] if lies_on(text, item)]
                if not any(lies_on(text, item) for item in items[number:]):
                    found.add((text.role, below[-1].role))
    return found


def lies_on(text: Text, area: Item) -> bool:
    """Whether the middle of a text lies inside of a polygon, by the edges that a ray crosses."""
    if not isinstance(area, Polygon):
        return False
    x, y = text.at
    for part in area.parts:
        crossed = 0
        for (left, top), (right, bottom) in pairwise((*part, part[0])):
            if (top > y) != (bottom > y) and x < left + (y - top) / (bottom - top) * (right - left):
                crossed += 1
        if crossed % 2:
            return True
    return False


def test_what_text_is_written_on_is_known() -> None:
    seen = set().union(*(written_on(compose(figure)) for figure in figures()))
    known = {(text, ground) for text, grounds in WRITTEN_ON.items() for ground in grounds}
    assert seen <= known
    assert {"paper", "input", "kernel", "output", "shadow_on_canvas"} <= {ground for _, ground in seen}
    assert {text for text, _ in seen} == set(TEXTS) == set(WRITTEN_ON)


@pytest.mark.parametrize("name", THEMES)
def test_text_can_be_read_wherever_it_stands(name: str) -> None:
    """By WCAG 2.2, 1.4.3, a contrast of 4.5."""
    theme = THEMES[name]
    assert not list(unreadable(theme))
    for text, grounds in WRITTEN_ON.items():
        for ground in grounds:
            below = theme[ground].color or color(theme, "paper")
            assert ratio(color(theme, text), below) >= 4.5, (text, ground)


@pytest.mark.parametrize(
    ("colors", "pairs"),
    [
        ({"input": "#333", "cut": "#fff"}, {("text", "input")}),
        (
            {"text": "#eee"},  # which words are written in, too, and padding is not painted
            {(text, ground) for text in ("text", "words") for ground in WRITTEN_ON[text] if ground != "blank"},
        ),
        ({"shadow_on_input": "#fff"}, {("text_on_shadow", "shadow_on_input")}),
        ({"faint": "#999"}, {("faint", "paper"), ("faint", "zero")}),
        ({"blank": "#444"}, {("text", "blank")}),
        ({"line": "#fff"}, set()),
    ],
)
def test_unreadable_names_every_pair(colors: dict[str, str], pairs: set[tuple[str, str]]) -> None:
    changed = SOLARIZED.replaced(colors)
    found = list(unreadable(changed))
    assert {(text, ground) for text, ground, _ in found} == pairs
    for text, ground, said in found:
        assert said == pytest.approx(ratio(color(changed, text), color(changed, ground)))
        assert said < 4.5


# Colours that replace others


@REPEATABLE
@given(COLORS, COLORS, st.floats(0, 1))
def test_a_blend_lies_between_its_colours(over: Color, under: Color, opacity: float) -> None:
    assert blend(over, under, 1) == over
    assert blend(over, under, 0) == under
    for a, b, mixed in zip(over, under, blend(over, under, opacity), strict=True):
        assert min(a, b) <= mixed <= max(a, b)
        assert abs(mixed - (b + (a - b) * opacity)) <= 0.5 + 1e-9


def test_shades_follow_the_colours_that_they_are_made_of() -> None:
    """And no others change: the shadow on the input is no longer blue."""
    changed = SOLARIZED.replaced({"input": "#b58900"})
    differing = {role for role in ROLES if changed[role] != SOLARIZED[role]}
    assert differing == {"input", "copy", "cut", "shadow_on_input"}
    amber = (181, 137, 0)
    assert changed["input"].color == amber
    assert changed["cut"].color == blend(amber, WHITE, 0.25)
    assert changed["shadow_on_input"].color == blend((7, 54, 66), amber, 0.46)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#FFeedd", (255, 238, 221)),
        ("#123", (17, 34, 51)),
        ("red", (255, 0, 0)),
        ("SteelBlue", (70, 130, 180)),
        ("output", (42, 161, 152)),
        ("base02", (7, 54, 66)),
        ("50% black on white", (128, 128, 128)),
        ("100% #010203 on none", (1, 2, 3)),
        ("0%  output  on  paper", WHITE),
        ("50% black on blank", (128, 128, 128)),
        ("none", None),
        ("blank", None),
        ("30% none on output", None),
    ],
)
def test_what_a_colour_may_be(text: str, found: Color | None) -> None:
    """Digits, a word of CSS, a role, a name of the theme's, or one on another; the paper is seen through nothing."""
    assert SOLARIZED.replaced({"kernel": text})["kernel"].color == found


@pytest.mark.parametrize(
    ("colors", "said"),
    [
        ({"inptu": "#fff"}, "colors.inptu: there is no such role; did you mean input?"),
        ({"line": "bleu"}, "colors.line = 'bleu': there is no colour 'bleu'; did you mean blue?"),
        ({"line": "#12345"}, "colors.line = '#12345': must be a colour such as '#268bd2'"),
        ({"line": "#ffff"}, "colors.line = '#ffff': must be a colour such as '#268bd2'"),
        ({"line": "qq"}, "colors.line = 'qq': must be a colour such as '#268bd2'"),
        ({"line": "40% of black"}, "colors.line = '40% of black': must be a colour such as '#268bd2'"),
        ({"line": "101% black on white"}, "colors.line = '101% black on white': can be made of 100% at most"),
        ({"line": "none"}, "colors.line = 'none': must be a colour such as '#268bd2'; only areas can go without"),
        ({"text": "blank"}, "colors.text = 'blank': must be a colour such as '#268bd2', and 'blank' is none; only"),
        ({"paper": "none"}, "colors.paper = 'none': must be a colour; transparent = True leaves the paper out"),
        ({"input": "cut"}, "colors.input = 'cut': goes round in a circle: input -> cut -> input"),
        ({"line": "line"}, "colors.line = 'line': goes round in a circle: line -> line"),
    ],
)
def test_what_a_colour_cannot_be(colors: dict[str, str], said: str) -> None:
    """Only who is wrong is told so, not those whose shades are made of it."""
    with pytest.raises(InputError) as caught:
        SOLARIZED.replaced(colors)
    (problem,) = caught.value.problems
    assert str(problem).startswith(said)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        SOLARIZED.replaced({"roof": "red", "line": "none", "input": "bleu"})
    assert {problem.field for problem in caught.value.problems} == {"colors.roof", "colors.line", "colors.input"}


def test_replacing_nothing_changes_nothing() -> None:
    assert SOLARIZED.replaced({}) is SOLARIZED


def test_later_colours_replace_earlier_ones_and_leave_the_others() -> None:
    twice = SOLARIZED.replaced({"input": "red", "line": "red"}).replaced({"line": "lime"})
    assert twice == SOLARIZED.replaced({"input": "red", "line": "lime"})


def test_a_transparent_theme_has_no_paper_and_the_same_shades() -> None:
    clear = SOLARIZED.transparent()
    assert clear.paper is None
    assert {role: clear[role] for role in ROLES if role != "paper"} == {
        role: SOLARIZED[role] for role in ROLES if role != "paper"
    }
    assert clear.replaced({"input": "red"}).paper is None


def test_a_theme_is_a_value() -> None:
    """It goes to other processes, and is a key."""
    changed = SOLARIZED.replaced({"input": "red"}).transparent()
    again = pickle.loads(pickle.dumps(changed))
    assert again == changed
    assert hash(again) == hash(changed)
    assert dict(again) == dict(changed)
    assert {SOLARIZED: 1, changed: 2}[again] == 2


# What scenes rely on


@pytest.mark.parametrize("view", VIEWS)
def test_what_views_draw_has_roles_of_its_kind(view: str) -> None:
    """Areas those of areas, and so on; themes know no others. Areas that may be hatched consist of single cells."""
    kinds = {Polygon: AREAS, Line: LINES, Text: TEXTS}
    seen = set()
    for figure in figures():
        if figure.view == view:
            scene = compose(figure)
            for track in scene.tracks:
                for item in track.at((track.span or range(1))[0]):
                    assert item.role in kinds[type(item)]
                    seen.add(item.role)
                    if isinstance(item, Polygon) and (item.role == "crop" or item.role.startswith("shadow")):
                        assert all(len(part) == 4 for part in item.parts)
    assert len(seen) >= (3 if view == "summary" else 6)  # a table has words and rules alone
