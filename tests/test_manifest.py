"""The manifest of an output folder: it tells every file, and what is drawn again is what would come out otherwise."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest

from convgif import build, manifest
from convgif.arithmetic import Conv, MaxPool
from convgif.build import Rendered
from convgif.drawing import draw
from convgif.errors import InputError
from convgif.figure import Figure
from tests.assembling.decoders import film

FIGURES: Final = {
    "one": Figure(Conv(3, 2), cell=5, frame_ms=100, hold_ms=50),
    "v1.2": Figure(MaxPool(4, 2), cell=6, title="Größter", transparent=True),
}
FORMATS: Final = ("gif", "sheet", "png")


def run(
    out: Path, figures: dict[str, Figure] | None = None, formats: tuple[str, ...] = FORMATS, **more: Any
) -> dict[str, Rendered]:
    """Render, and what became of each figure."""
    return {done.name: done for done in build.render(figures or FIGURES, out, formats, **more)}


def entries(out: Path) -> dict[str, dict[str, Any]]:
    content = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert content["app"] == "convgif"
    return dict(content["files"])


def files(out: Path) -> list[Path]:
    """All files but the manifest."""
    return sorted(path for path in out.rglob("*") if path.is_file() and path.name != "manifest.json")


def marks(out: Path) -> dict[str, tuple[int, int]]:
    """What changes when a file is written or replaced."""
    return {path.relative_to(out).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino) for path in files(out)}


def drawn_anew(out: Path, before: dict[str, tuple[int, int]]) -> set[str]:
    return {path for path, mark in marks(out).items() if before.get(path) != mark}


def drawn_of(done: dict[str, Rendered]) -> dict[str, bool]:
    return {name: rendered.drawn for name, rendered in done.items()}


def test_every_file_is_told(tmp_path: Path) -> None:
    run(tmp_path)
    told = entries(tmp_path)
    assert set(told) == {path.relative_to(tmp_path).as_posix() for path in files(tmp_path)}
    assert list(told) == sorted(told)
    for path, entry in told.items():
        data = (tmp_path / path).read_bytes()
        figure = FIGURES[entry["preset"]]
        assert entry["format"] == path.split("/")[0]
        assert (entry["bytes"], entry["sha256"]) == (len(data), sha256(data).hexdigest())
        assert entry["alt"] == figure.describe()
        assert entry["duration_ms"] == sum(draw(figure).durations)
    for name in FIGURES:
        seen, entry = film(tmp_path / "gif" / f"{name}.gif"), told[f"gif/{name}.gif"]
        assert (entry["frames"], entry["height"], entry["width"]) == seen.frames.shape[:3]
        assert entry["duration_ms"] == 10 * sum(seen.durations)


def test_nothing_is_drawn_twice(tmp_path: Path) -> None:
    """And what is told of a figure is the same, drawn or not."""
    first, before = run(tmp_path), marks(tmp_path)
    kept = (tmp_path / "manifest.json").stat().st_mtime_ns
    seen: list[str] = []
    second = run(tmp_path, progress=lambda rendered: seen.append(rendered.name))
    assert drawn_of(first) == {"one": True, "v1.2": True}
    assert drawn_of(second) == {"one": False, "v1.2": False}
    assert seen == list(FIGURES)
    assert marks(tmp_path) == before
    assert (tmp_path / "manifest.json").stat().st_mtime_ns == kept
    for name in FIGURES:
        one, other = first[name], second[name]
        assert (one.frames, one.pixels, one.size) == (other.frames, other.pixels, other.size)


def test_another_format_is_added(tmp_path: Path) -> None:
    run(tmp_path, formats=("gif",))
    before = marks(tmp_path)
    done = run(tmp_path, formats=("gif", "sheet"))
    assert drawn_of(done) == {"one": True, "v1.2": True}
    assert drawn_anew(tmp_path, before) == {f"sheet/{name}{ending}" for name in FIGURES for ending in (".png", ".json")}
    assert {path.name for path in done["one"].files} == {"one.gif", "one.png", "one.json"}
    assert done["one"].size == sum(path.stat().st_size for path in done["one"].files)


@pytest.mark.parametrize(
    "change",
    [{"frame_ms": 120}, {"title": "One"}, {"theme": "dark"}, {"colors": {"input": "#ffffff"}}, {"loop": 2}],
    ids=str,
)
def test_a_changed_option_draws_that_figure_only(change: dict[str, Any], tmp_path: Path) -> None:
    run(tmp_path)
    before = marks(tmp_path)
    changed = {**FIGURES, "one": replace(FIGURES["one"], **change)}
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
        ("sheet/one.json", {"sheet/one.json", "sheet/one.png"}),
        ("png/v1.2/v1.2_003.png", {f"png/v1.2/v1.2_{number:03}.png" for number in range(4)}),
    ],
)
def test_a_file_that_is_not_what_it_was_is_drawn_again(
    hurt: str, anew: set[str], harm: Callable[[Path], None], tmp_path: Path
) -> None:
    """With those that it belongs to; the bytes are as before."""
    run(tmp_path)
    was = {path: (tmp_path / path).read_bytes() for path in marks(tmp_path)}
    before = marks(tmp_path)
    if (tmp_path / hurt).suffix == ".json" and harm is spoil:
        (tmp_path / hurt).write_bytes(was[hurt] + b"\n")
    else:
        harm(tmp_path / hurt)
    done = run(tmp_path)
    assert drawn_of(done) == {name: f"/{name}" in hurt for name in FIGURES}
    assert drawn_anew(tmp_path, before) == anew
    assert {path: (tmp_path / path).read_bytes() for path in marks(tmp_path)} == was


def test_other_code_draws_everything_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path)
    before = marks(tmp_path)
    monkeypatch.setattr(manifest, "_code", lambda: "other")
    assert drawn_of(run(tmp_path)) == {"one": True, "v1.2": True}
    assert drawn_anew(tmp_path, before) == set(before)


def test_the_code_is_told_from_other_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the text of any module, and by the version of any package that it draws with."""
    (tmp_path / "convgif" / "deep").mkdir(parents=True)
    module = tmp_path / "convgif" / "deep" / "view.py"
    module.write_text("SIZE = 1")
    monkeypatch.setattr(manifest, "__file__", str(tmp_path / "convgif" / "manifest.py"))
    code = manifest._code.__wrapped__
    seen = {code()}
    module.write_text("SIZE = 2")
    seen.add(code())
    for changed in manifest.DRAWN_WITH:
        monkeypatch.setattr(manifest, "version", lambda name, changed=changed: "9.9" if name == changed else "1")
        seen.add(code())
    assert len(seen) == 2 + len(manifest.DRAWN_WITH)


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
    changed = {"one": replace(FIGURES["one"], cell=7)}
    run(tmp_path, changed, force=force)
    now = entries(tmp_path)
    assert set(told) - set(now) == {"gif/v1.2.gif"}  # its only file in that format
    assert not set(now) - set(told)
    assert all(now[path] == told[path] for path in now if "v1.2" in path)
    assert all(now[path] != told[path] for path in now if "one" in path)


def test_fewer_frames_than_before_leave_no_entry_behind(tmp_path: Path) -> None:
    figures = {"one": FIGURES["one"]}
    run(tmp_path, figures, ("png",))
    fewer = {"one": replace(FIGURES["one"], layer=Conv(3, 3))}
    run(tmp_path, fewer, ("png",))
    assert list(entries(tmp_path)) == ["png/one/one_000.png"]
    assert drawn_of(run(tmp_path, fewer, ("png",))) == {"one": False}


@pytest.mark.parametrize("lost", ["sheet/one.json", "sheet/one.png", "png/one/one_001.png"])
def test_what_is_lost_is_drawn_again_whatever_was_drawn_meanwhile(lost: str, tmp_path: Path) -> None:
    """The manifest is written anew for the other figure, and must not tell the rest of this one as if it were all."""
    run(tmp_path)
    (tmp_path / lost).unlink()
    assert drawn_of(run(tmp_path, {"v1.2": FIGURES["v1.2"]}, force=True)) == {"v1.2": True}
    assert drawn_of(run(tmp_path)) == {"one": True, "v1.2": False}
    assert (tmp_path / lost).is_file()


def test_the_number_of_jobs_plays_no_part(tmp_path: Path) -> None:
    for jobs in (1, 2):
        run(tmp_path / str(jobs), jobs=jobs)
    assert (tmp_path / "1" / "manifest.json").read_bytes() == (tmp_path / "2" / "manifest.json").read_bytes()
    assert drawn_of(run(tmp_path / "2", jobs=2)) == {"one": False, "v1.2": False}


OURS = '{"app": "convgif", "version": "0.1.0", "files": '


@pytest.mark.parametrize(
    "text",
    [
        OURS,
        OURS + "3}",
        OURS + '["a"]}',
        OURS + '{"gif/one.gif": 3}}',
        OURS + '{"gif/one.gif": {"preset": "one", "format": "gif"}}}',
        '{"app": "convgif"}',
        '["app", "convgif", "app": "convgif"]',
    ],
)
def test_a_broken_manifest_of_ours_is_drawn_over(text: str, tmp_path: Path) -> None:
    """It may be of another version, or cut off; it keeps nothing from being drawn."""
    run(tmp_path)
    told = entries(tmp_path)
    (tmp_path / "manifest.json").write_text(text)
    assert drawn_of(run(tmp_path)) == {"one": True, "v1.2": True}
    assert entries(tmp_path) == told


@pytest.mark.parametrize("text", ['{"name": "My app", "icons": []}', "[]", "", "no JSON"])
def test_the_manifest_of_something_else_is_not_replaced(text: str, tmp_path: Path) -> None:
    """Web apps have a file of that name."""
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match="choose another") as caught:
        run(tmp_path)
    assert str(tmp_path / "manifest.json") in str(caught.value)
    assert (tmp_path / "manifest.json").read_text() == text
    assert files(tmp_path) == []


def test_a_path_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """A manifest may come from anywhere: what it names elsewhere is not taken for what was drawn."""
    run(tmp_path / "out", {"one": FIGURES["one"]}, ("gif",))
    (entry,) = entries(tmp_path / "out").values()
    (tmp_path / "one.gif").write_bytes((tmp_path / "out" / "gif" / "one.gif").read_bytes())
    (tmp_path / "out" / "gif" / "one.gif").unlink()
    (tmp_path / "out" / "manifest.json").write_text(OURS + json.dumps({"../one.gif": entry}) + "}")
    assert drawn_of(run(tmp_path / "out", {"one": FIGURES["one"]}, ("gif",))) == {"one": True}
    assert (tmp_path / "out" / "gif" / "one.gif").is_file()
