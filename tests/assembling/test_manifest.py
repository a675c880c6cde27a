"""The manifest of an output folder: it tells every file, and what is drawn again is what would come out otherwise."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

import convgif
from convgif import languages, themes
from convgif.arithmetic import Conv, MaxPool
from convgif.assembling import batch, manifest
from convgif.assembling.batch import Rendered
from convgif.assembling.film import Film
from convgif.assembling.format import Format, module_of, single
from convgif.assembling.manifest import Manifest, recipe_of
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.registry import FORMATS, LANGUAGES, THEMES, VIEWS, Registry
from convgif.rendering import fonts
from tests.assembling.decoders import film
from tests.rendering.typefaces import HAN, typeface

FIGURES: Final = {
    "one": Figure(Conv(3, 2), cell=5, frame_ms=100, hold_ms=50),
    "v1.2": Figure(MaxPool(4, 2), cell=6, title="Größter", transparent=True),
}
ONE: Final = {"one": FIGURES["one"]}
CHOSEN: Final = ("gif", "sheet", "frames")


def run(
    out: Path, figures: dict[str, Figure] | None = None, formats: tuple[str, ...] = CHOSEN, **more: Any
) -> dict[str, Rendered]:
    """Render, and what became of each figure."""
    return {done.name: done for done in batch.render(figures or FIGURES, out, formats, **more)}


def entries(out: Path) -> dict[str, dict[str, Any]]:
    content = json.loads((out / manifest.NAME).read_text(encoding="utf-8"))
    assert content["app"] == "convgif"
    return dict(content["files"])


def write(out: Path, files: object) -> None:
    """A manifest that tells these files."""
    content = {"app": "convgif", "version": "0.1.0", "files": files}
    (out / manifest.NAME).write_text(json.dumps(content), encoding="utf-8")


def files(out: Path) -> list[Path]:
    """All files but the manifest."""
    return sorted(path for path in out.rglob("*") if path.is_file() and path.name != manifest.NAME)


def marks(out: Path) -> dict[str, tuple[int, int]]:
    """What changes when a file is written or replaced."""
    return {path.relative_to(out).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino) for path in files(out)}


def drawn_anew(out: Path, before: dict[str, tuple[int, int]]) -> set[str]:
    return {path for path, mark in marks(out).items() if before.get(path) != mark}


def drawn_of(done: dict[str, Rendered]) -> dict[str, bool]:
    return {name: rendered.drawn for name, rendered in done.items()}


# what it tells


def test_every_file_is_told(tmp_path: Path) -> None:
    run(tmp_path)
    told = entries(tmp_path)
    assert set(told) == {path.relative_to(tmp_path).as_posix() for path in files(tmp_path)}
    for path, entry in told.items():
        data = (tmp_path / path).read_bytes()
        figure = FIGURES[entry["preset"]]
        assert {fact: type(entry[fact]) for fact in manifest.FACTS} == manifest.FACTS
        assert entry["format"] == path.split("/")[0]
        assert (entry["bytes"], entry["sha256"]) == (len(data), sha256(data).hexdigest())
        assert entry["alt"] == figure.describe()
        assert entry["duration_ms"] == sum(Film.of(figure).durations)
    for name in FIGURES:
        seen, entry = film(tmp_path / "gif" / f"{name}.gif"), told[f"gif/{name}.gif"]
        assert (entry["frames"], entry["height"], entry["width"]) == seen.frames.shape[:3]
        assert entry["duration_ms"] == 1000 * seen.end


def test_the_main_file_comes_first(tmp_path: Path) -> None:
    """Pages show that one."""
    run(tmp_path)
    told = entries(tmp_path)
    for name in FIGURES:
        for format in CHOSEN:
            main = next(path for path in told if (told[path]["preset"], told[path]["format"]) == (name, format))
            assert main == f"{format}/{next(iter(FORMATS[format].files(Film.of(FIGURES[name]), name))).path}"


def test_two_runs_tell_what_one_does(tmp_path: Path) -> None:
    """In the same order, whichever came first, and in however many processes."""
    run(tmp_path / "once")
    run(tmp_path / "twice", {"v1.2": FIGURES["v1.2"]}, ("sheet", "gif"))
    run(tmp_path / "twice", ONE, ("sheet",))
    run(tmp_path / "twice", jobs=2)
    assert (tmp_path / "twice" / manifest.NAME).read_bytes() == (tmp_path / "once" / manifest.NAME).read_bytes()
    assert drawn_of(run(tmp_path / "twice", jobs=2)) == {"one": False, "v1.2": False}


@pytest.mark.parametrize("format", [name for name, format in FORMATS.items() if format.size(Film.of(ONE["one"]))])
def test_the_size_is_that_of_the_frames_of_the_format(format: str, tmp_path: Path) -> None:
    """Videos are a little larger where the size is odd."""
    (done,) = run(tmp_path, ONE, (format,)).values()
    told = Manifest.of(tmp_path).files
    assert {(entry["width"], entry["height"]) for entry in told.values()} == {done.pixels}
    assert done.pixels == FORMATS[format].size(Film.of(ONE["one"]))


# what is drawn again


def test_nothing_is_drawn_twice(tmp_path: Path) -> None:
    """Nothing is touched, not even the folder; and what is told of a figure is the same, drawn or not."""
    first, before = run(tmp_path), marks(tmp_path)
    kept = tmp_path.stat().st_mtime_ns
    seen: list[str] = []
    second = run(tmp_path, progress=lambda rendered: seen.append(rendered.name))
    assert drawn_of(first) == {"one": True, "v1.2": True}
    assert drawn_of(second) == {"one": False, "v1.2": False}
    assert seen == list(FIGURES)
    assert marks(tmp_path) == before
    assert tmp_path.stat().st_mtime_ns == kept
    for name in FIGURES:
        one, other = first[name], second[name]
        assert (one.frames, one.pixels, one.size, one.files) == (other.frames, other.pixels, other.size, other.files)


@pytest.mark.parametrize("there", [("gif",), ("mp4",)])
def test_another_format_is_added(there: tuple[str, ...], tmp_path: Path) -> None:
    """What is told is the same, whichever was there: files in the order of the formats, and the size of the first."""
    fresh = run(tmp_path / "fresh", ONE, ("gif", "sheet", "mp4"))["one"]
    out = tmp_path / "out"
    run(out, ONE, there)
    before = marks(out)
    done = run(out, ONE, ("gif", "sheet", "mp4"))["one"]
    assert done.drawn
    assert drawn_anew(out, before) == set(marks(out)) - set(before)
    assert [path.name for path in done.files] == ["one.gif", "one.png", "one.json", "one.mp4"]
    assert (done.frames, done.pixels) == (fresh.frames, fresh.pixels)
    assert done.size == sum(path.stat().st_size for path in done.files)


@pytest.mark.parametrize(
    "change",
    [
        {"frame_ms": 120},
        {"title": "One"},
        {"theme": "dark"},
        {"colors": {"line": "#222222"}},
        {"loop": 2},
        {"reveal": True},
        {"layer": Conv(4, 2)},
        {"view": "flat"},
    ],
    ids=str,
)
def test_a_changed_option_draws_that_figure_only(change: dict[str, Any], tmp_path: Path) -> None:
    run(tmp_path)
    before = marks(tmp_path)
    changed = {**FIGURES, "one": FIGURES["one"].replaced(**change)}
    assert drawn_of(run(tmp_path, changed)) == {"one": True, "v1.2": False}
    anew = drawn_anew(tmp_path, before)
    assert anew
    assert all("one" in path for path in anew)
    assert entries(tmp_path)["gif/one.gif"]["alt"] == changed["one"].describe()
    assert drawn_of(run(tmp_path, changed)) == {"one": False, "v1.2": False}


def spoil(path: Path) -> None:
    """Change one byte, and neither its length nor its time stamp."""
    data, time = bytearray(path.read_bytes()), path.stat()
    data[-1] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(time.st_atime_ns, time.st_mtime_ns))


@pytest.mark.parametrize("harm", [spoil, Path.unlink])
@pytest.mark.parametrize(
    ("hurt", "anew"),
    [
        ("gif/one.gif", {"gif/one.gif"}),
        ("sheet/one.png", {"sheet/one.json", "sheet/one.png"}),
        ("frames/v1.2/v1.2_003.png", {f"frames/v1.2/v1.2_{number:03}.png" for number in range(4)}),
    ],
)
def test_a_file_that_is_not_what_it_was_is_drawn_again(
    hurt: str, anew: set[str], harm: Callable[[Path], None], tmp_path: Path
) -> None:
    """With those that it belongs to; the bytes are as before."""
    run(tmp_path)
    was = {path: (tmp_path / path).read_bytes() for path in marks(tmp_path)}
    before = marks(tmp_path)
    harm(tmp_path / hurt)
    assert drawn_of(run(tmp_path)) == {name: f"/{name}" in hurt for name in FIGURES}
    assert drawn_anew(tmp_path, before) == anew
    assert {path: (tmp_path / path).read_bytes() for path in marks(tmp_path)} == was


def test_force_draws_everything_anew(tmp_path: Path) -> None:
    run(tmp_path)
    before, told = marks(tmp_path), entries(tmp_path)
    assert drawn_of(run(tmp_path, force=True)) == {"one": True, "v1.2": True}
    assert drawn_anew(tmp_path, before) == set(before)
    assert entries(tmp_path) == told


@pytest.mark.parametrize("force", [False, True])
def test_entries_of_other_figures_are_kept(force: bool, tmp_path: Path) -> None:
    """As long as their files are."""
    run(tmp_path)
    told = entries(tmp_path)
    (tmp_path / "gif" / "v1.2.gif").unlink()
    run(tmp_path, {"one": FIGURES["one"].replaced(cell=7)}, force=force)
    now = entries(tmp_path)
    assert set(told) - set(now) == {"gif/v1.2.gif"}  # its only file in that format
    assert not set(now) - set(told)
    assert all(now[path] == told[path] for path in now if "v1.2" in path)
    assert all(now[path] != told[path] for path in now if "one" in path)


def test_fewer_frames_than_before_leave_no_entry_behind(tmp_path: Path) -> None:
    run(tmp_path, ONE, ("frames",))
    fewer = {"one": FIGURES["one"].replaced(layer=Conv(3, 3))}
    run(tmp_path, fewer, ("frames",))
    assert list(entries(tmp_path)) == ["frames/one/one_000.png"]
    assert drawn_of(run(tmp_path, fewer, ("frames",))) == {"one": False}


@pytest.mark.parametrize("lost", ["sheet/one.json", "sheet/one.png", "frames/one/one_001.png"])
def test_what_is_lost_is_drawn_again_whatever_was_drawn_meanwhile(lost: str, tmp_path: Path) -> None:
    """The manifest is written anew for the other figure, and must not tell the rest of this one as if it were all."""
    run(tmp_path)
    (tmp_path / lost).unlink()
    assert drawn_of(run(tmp_path, {"v1.2": FIGURES["v1.2"]}, force=True)) == {"v1.2": True}
    assert drawn_of(run(tmp_path)) == {"one": True, "v1.2": False}
    assert (tmp_path / lost).is_file()


# the recipe


def test_every_figure_and_every_format_has_a_recipe_of_its_own() -> None:
    figures = [FIGURES["one"], *(FIGURES["one"].replaced(view=view) for view in VIEWS if view != "isometric")]
    figures += [FIGURES["one"].replaced(theme=theme) for theme in THEMES if theme != "solarized"]
    recipes = {recipe_of(figure, format) for figure in figures for format in FORMATS}
    assert len(recipes) == len(figures) * len(FORMATS)


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that is taken for ours, with data as well as code."""
    package = tmp_path / "copy"
    for name in ("assembling/manifest.py", "drawing/views/flat.py", "themes/dark.toml", "site/player.html"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(name)
    monkeypatch.setattr(manifest, "__file__", str(package / "assembling" / "manifest.py"))
    return package


@pytest.mark.parametrize("name", ["drawing/views/flat.py", "themes/dark.toml", "site/player.html"])
def test_an_edit_to_any_file_of_the_package_draws_everything_anew(name: str, copy: Path) -> None:
    """A template or a theme as well as a module; what Python keeps beside them is no part of it."""
    code: Callable[[], str] = manifest._code.__wrapped__
    before = code()
    (copy / name).parent.joinpath("__pycache__").mkdir()
    (copy / name).parent.joinpath("__pycache__", "flat.pyc").write_bytes(b"compiled")
    assert code() == before
    (copy / name).write_text("edited")
    edited = code()
    (copy / name).rename((copy / name).with_suffix(".txt"))
    assert len({before, edited, code()}) == 3


def test_the_files_of_the_package_are_those_that_are_read() -> None:
    """What is hashed is the folder that the package lies in, with all that is installed of it."""
    assert Path(manifest.__file__).parents[1] == Path(convgif.__file__).parent


@pytest.mark.parametrize("changed", manifest.DRAWN_WITH)
def test_another_version_of_what_it_draws_with_is_other_code(
    changed: str, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = manifest._code.__wrapped__()
    monkeypatch.setattr(manifest, "version", lambda name: "9.9" if name == changed else "1")
    after = manifest._code.__wrapped__()
    monkeypatch.setattr(manifest, "version", lambda name: "1")
    assert len({before, after, manifest._code.__wrapped__()}) == 3


def test_other_code_draws_everything_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path)
    before = marks(tmp_path)
    monkeypatch.setattr(manifest, "_code", lambda: "other")
    assert drawn_of(run(tmp_path)) == {"one": True, "v1.2": True}
    assert drawn_anew(tmp_path, before) == set(before)


DAY: Final = 'base = "solarized"\ndark = "night.toml"\n'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("own.toml", DAY + '[roles]\ninput = "red"'),
        ("night.toml", 'base = "dark"\n[roles]\ninput = "red"'),
        ("below.toml", 'base = "dark"\n[roles]\ninput = "red"'),
    ],
)
def test_an_edit_to_a_theme_of_ones_own_draws_its_figures_anew(name: str, text: str, tmp_path: Path) -> None:
    """Also where it is the counterpart for dark pages, or only the base of one; but not where nothing changes."""
    (tmp_path / "own.toml").write_text(DAY)
    (tmp_path / "night.toml").write_text('base = "below.toml"')
    (tmp_path / "below.toml").write_text('base = "dark"')
    figures = {**ONE, "own": FIGURES["one"].replaced(theme=str(tmp_path / "own.toml"))}
    run(tmp_path, figures, ("svg",))
    (tmp_path / name).write_text((tmp_path / name).read_text() + "\n# the same\n")
    assert drawn_of(run(tmp_path, figures, ("svg",))) == {"one": False, "own": False}
    (tmp_path / name).write_text(text)
    assert drawn_of(run(tmp_path, figures, ("svg",))) == {"one": False, "own": True}


@pytest.mark.parametrize("found", [False, True], ids=["named", "found"])
def test_another_font_draws_titles_anew_that_are_written_in_it(
    found: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it was named or found; where texts stay texts, a font that was found makes no difference."""
    font = tmp_path / "own.ttf"
    font.write_bytes(typeface(HAN))
    monkeypatch.setattr(fonts, "installed", lambda: (str(font),))
    named = {} if found else {"font": font}
    figures = {
        **ONE,
        "own": FIGURES["one"].replaced(title="卷积", **named),
        "spoken": FIGURES["one"].replaced(language="zh", **named),
    }
    fonts.suitable.cache_clear()
    run(tmp_path, figures, ("png", "svg"))
    assert drawn_of(run(tmp_path, figures, ("png", "svg"))) == {"one": False, "own": False, "spoken": False}
    font.write_bytes(typeface({**HAN, "a": (300, 300)}))
    fonts.suitable.cache_clear()
    assert drawn_of(run(tmp_path, figures, ("svg",))) == {"one": False, "own": False, "spoken": False}
    assert drawn_of(run(tmp_path, figures, ("png",))) == {"one": False, "own": True, "spoken": True}
    fonts.suitable.cache_clear()


SPIRAL: Final = """
from dataclasses import replace
from spiral import helpers
from convgif.arithmetic import Conv
from convgif.assembling.format import Format, single
from convgif.drawing.views import flat

class Twisted(Conv):
    name = "twisted"

def draw(figure):
    return flat.VIEW.draw(figure)

def write(film, stream):
    stream.write(b"spiral")

VIEW = replace(flat.VIEW, name="spiral", draw=draw)
FORMAT = Format("spiral", "a spiral", ".spiral", single(".spiral", write))
"""


@pytest.fixture
def spiral(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Another package, with a view, a format and a layer."""
    package = tmp_path / "spiral"
    package.mkdir()
    for name, text in {"__init__.py": "", "helpers.py": "TURNS = 3", "plugin.py": SPIRAL}.items():
        (package / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    from importlib import import_module

    yield import_module("spiral.plugin")
    for name in [name for name in sys.modules if name.partition(".")[0] == "spiral"]:
        del sys.modules[name]
    manifest._code_beyond.cache_clear()


@pytest.mark.parametrize("edited", ["plugin.py", "helpers.py"])
@pytest.mark.parametrize("what", ["layer", "view", "format"])
def test_code_of_other_packages_is_told_from_other_code(
    what: str, edited: str, spiral: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of whatever they add: the module that it is in, and those beside it."""
    for registry, attribute in (("VIEWS", "VIEW"), ("FORMATS", "FORMAT")):
        places = {"spiral": f"spiral.plugin:{attribute}", **getattr(manifest, registry)._shipped}
        monkeypatch.setattr(manifest, registry, Registry(registry.lower(), "nothing", places))
    figure, format = FIGURES["one"], "gif"
    if what == "layer":
        figure = figure.replaced(layer=spiral.Twisted(3, 2))
    elif what == "view":
        object.__setattr__(figure := figure.replaced(cell=6), "view", "spiral")
    else:
        format = "spiral"
    before, plain = recipe_of(figure, format), recipe_of(FIGURES["one"], "gif")
    assert recipe_of(figure, format) == before
    (tmp_path / "spiral" / edited).write_text("# edited")
    manifest._code_beyond.cache_clear()
    assert recipe_of(figure, format) != before
    assert recipe_of(FIGURES["one"], "gif") == plain


def test_code_that_is_only_given_arguments_is_found(spiral: ModuleType) -> None:
    """`partial` is of no package that adds anything."""
    given = Format("given", "", ".given", partial(spiral.FORMAT.files))
    assert module_of(given.files) == module_of(spiral.FORMAT.files) == "spiral.plugin"
    assert module_of(single(".a", partial(spiral.write))) == "spiral.plugin"


def test_another_encoder_draws_its_files_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {name: recipe_of(FIGURES["one"], name) for name in FORMATS}
    monkeypatch.setattr("importlib.metadata.version", lambda name: "9.9")
    after = {name: recipe_of(FIGURES["one"], name) for name in FORMATS}
    assert {name for name in FORMATS if before[name] != after[name]} == {
        name for name, format in FORMATS.items() if format.made_with()
    }


def test_the_theme_that_is_painted_counts_and_not_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    before = recipe_of(FIGURES["one"], "gif")
    monkeypatch.setattr(themes, "theme_of", lambda figure: THEMES["print"])
    assert recipe_of(FIGURES["one"], "gif") != before


def test_the_language_that_is_spoken_counts_and_not_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    name = next(name for name in LANGUAGES if name != FIGURES["one"].language)
    figure = FIGURES["one"].replaced(language=name)
    before = recipe_of(figure, "gif")
    monkeypatch.setattr(languages, name, LANGUAGES[FIGURES["one"].language], raising=False)
    assert recipe_of(figure, "gif") != before


# manifests that cannot be trusted


OURS: Final = '{"app": "convgif", "version": "0.1.0", "files": '


@pytest.mark.parametrize(
    "text",
    [
        OURS,
        OURS + "3}",
        OURS + '["a"]}',
        OURS + '{"gif/one.gif": 3}}',
        OURS + '{"gif/one.gif": {"preset": "one", "format": "gif"}}}',
        OURS + "[" * 100_000,
        OURS + "9" * 5000 + "}",
        '{"app": "convgif"}',
        '["app", "convgif", "app": "convgif"]',
    ],
    ids=lambda text: text[-40:],
)
def test_a_broken_manifest_of_ours_is_drawn_over(text: str, tmp_path: Path) -> None:
    """It may be of another version, or cut off; it keeps nothing from being drawn."""
    run(tmp_path)
    told = entries(tmp_path)
    (tmp_path / manifest.NAME).write_text(text)
    assert not Manifest.of(tmp_path).files
    assert drawn_of(run(tmp_path)) == {"one": True, "v1.2": True}
    assert entries(tmp_path) == told


@pytest.mark.parametrize("fact", manifest.FACTS)
@pytest.mark.parametrize("value", [None, True, 1.5, [], "3", 3], ids=repr)
def test_every_fact_must_be_of_its_kind(fact: str, value: object, tmp_path: Path) -> None:
    """Whoever reads a manifest relies on that, and a manifest can be edited."""
    sound: dict[str, object] = {name: kind() for name, kind in manifest.FACTS.items()}
    write(tmp_path, {"gif/one.gif": {**sound, fact: value}, "gif/two.gif": sound})
    kept = {"gif/one.gif", "gif/two.gif"} if type(value) is manifest.FACTS[fact] else {"gif/two.gif"}
    assert set(Manifest.of(tmp_path).files) == kept
    write(tmp_path, {"gif/one.gif": {name: fact for name, fact in sound.items() if name != fact}})


@pytest.mark.parametrize("path", ["../one.gif", "/one.gif", "gif/../../one.gif", "C:/one.gif", "", "."])
def test_a_path_that_leads_out_of_the_folder_is_not_followed(path: str, tmp_path: Path) -> None:
    """A manifest may come from anywhere: what it names elsewhere is not taken for what was drawn."""
    out = tmp_path / "out"
    run(out, ONE, ("gif",))
    (entry,) = entries(out).values()
    (tmp_path / "one.gif").write_bytes((out / "gif" / "one.gif").read_bytes())
    (out / "gif" / "one.gif").unlink()
    write(out, {path: entry})
    assert not Manifest.of(out).files
    assert drawn_of(run(out, ONE, ("gif",))) == {"one": True}
    assert set(entries(out)) == {"gif/one.gif"}


@pytest.mark.parametrize("path", ["gif/a\0.gif", "gif/\ud800.gif", "x" * 300, "gif", "gone/one.gif"], ids=ascii)
@pytest.mark.parametrize("name", ["one", "other"])
def test_a_path_that_is_none_counts_as_lost(path: str, name: str, tmp_path: Path) -> None:
    run(tmp_path, ONE, ("gif",))
    told = entries(tmp_path)
    write(tmp_path, {path: {**told["gif/one.gif"], "preset": name}})
    assert drawn_of(run(tmp_path, ONE, ("gif",))) == {"one": True}
    assert entries(tmp_path) == told


@pytest.mark.parametrize("text", ['{"name": "My app", "icons": []}', "[]", "", "no JSON", "\ufeff{}"])
def test_the_manifest_of_something_else_is_not_replaced(text: str, tmp_path: Path) -> None:
    """Web apps have a file of that name."""
    (tmp_path / manifest.NAME).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        run(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.field, problem.value) == ("output", str(tmp_path / manifest.NAME))
    assert str(caught.value).endswith(
        "was not written by convgif and would be replaced; move it away, or replace it with force = True"
    )
    assert (tmp_path / manifest.NAME).read_text(encoding="utf-8") == text
    assert files(tmp_path) == []
