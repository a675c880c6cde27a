"""Themes in files: those that ship, and those of users, with all that can be wrong with them."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import Final

import pytest

from convgif import themes
from convgif.arithmetic import Conv
from convgif.drawing.roles import CHANNELS, ROLES, TEXTS
from convgif.errors import InputError
from convgif.figure import Figure
from convgif.registry import THEMES
from convgif.themes.theme import Theme, blend
from tests.themes.vision import SIGHTS, apart, seen

SOLARIZED: Final[Theme] = THEMES["solarized"]


def written(folder: Path, text: str, name: str = "own.toml") -> Path:
    """A file with that text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> list[str]:
    """What is wrong with a theme, without the place."""
    path = written(folder, text)
    with pytest.raises(InputError) as caught:
        themes.load(path)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{path}: ") for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


@pytest.mark.parametrize("name", THEMES.shipped)
def test_a_theme_that_ships_is_a_file_like_any_other(name: str, tmp_path: Path) -> None:
    """Users begin with a copy of one; its counterpart keeps its name."""
    text = (files(themes) / f"{name}.toml").read_text(encoding="utf-8")
    assert themes.load(written(tmp_path, text)) == THEMES[name]
    assert set(tomllib.loads(text)["roles"]) == set(ROLES)


TOLD_APART: Final = ("shadow_on_input", "shadow_on_canvas", "input", "blank")
"""What every picture is about: which taps are on input, which on zeros, and what they are on."""
APART: Final = 15.0
"""The least distance of their colours, by CIEDE2000."""
LIGHTER: Final = 8.0
"""The least difference of their lightness, of 100: what is left of them on a grey printout."""


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("name", THEMES)
def test_taps_on_input_and_on_zeros_are_told_apart_by_everyone(name: str, sight: str) -> None:
    theme = THEMES[name]
    looks = {role: seen(theme[role].color or theme.paper or (0, 0, 0), sight) for role in TOLD_APART}
    for one, other in combinations(TOLD_APART, 2):
        assert apart(looks[one], looks[other]) >= APART, (one, other)
        assert abs(looks[one].lightness - looks[other].lightness) >= LIGHTER, (one, other)


@pytest.mark.parametrize("name", THEMES)
def test_taps_on_input_stand_out_from_those_on_zeros(name: str) -> None:
    """Their colour is farther from that of the ground that both are on."""
    theme = THEMES[name]
    on_input, on_zeros, ground = (
        seen(theme[role].color or theme.paper or (0, 0, 0), "normal").lightness
        for role in ("shadow_on_input", "shadow_on_canvas", "paper")
    )
    assert abs(on_input - ground) > abs(on_zeros - ground)


COLOURS_APART: Final = 12.0
"""The least distance of the colours of two channels, unless they are as far apart in lightness as above."""
COMPUTED: Final = 5.0
"""The least distance from output that is not computed yet."""


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("name", THEMES)
def test_channels_are_told_apart_by_everyone(name: str, sight: str) -> None:
    theme = THEMES[name]
    looks = {role: seen(theme[role].color or (0, 0, 0), sight) for role in (*CHANNELS, "pending")}
    for one, other in combinations(CHANNELS, 2):
        lighter = abs(looks[one].lightness - looks[other].lightness)
        assert apart(looks[one], looks[other]) >= COLOURS_APART or lighter >= LIGHTER, (one, other)
    for role in CHANNELS:
        assert apart(looks[role], looks["pending"]) >= COMPUTED, role


@pytest.mark.parametrize("name", THEMES)
def test_digits_and_words_are_of_one_family(name: str) -> None:
    assert len({THEMES[name][role].font for role in TEXTS}) == 1


def test_unknown_names_are_no_themes() -> None:
    with pytest.raises(AttributeError, match="there is no theme roof"):
        themes.roof  # noqa: B018  # that asking is an error is what is tested
    with pytest.raises(InputError, match=r"theme = 'mutd': there is no such theme; did you mean muted\?"):
        themes.opened("mutd")


BASED: Final = """
base = "solarized"
[colors]
base02 = "red"
mine = "#123456"
[roles]
line = "mine"
words = { font = "serif" }
shadow_on_canvas = { hatch = "line" }
blank_line = { dash = false }
"""


def test_what_a_theme_says_is_put_over_its_base(tmp_path: Path) -> None:
    """Names too; what is made of them is made anew, and a table keeps what it does not mention."""
    theme = themes.load(written(tmp_path, BASED))
    mine, red, white = (0x12, 0x34, 0x56), (255, 0, 0), (255, 255, 255)
    assert theme["line"].color == theme["blank_line"].color == theme["shadow_on_canvas"].hatch == mine
    assert theme["shadow_on_canvas"].color == blend(red, white, 0.4)
    assert (theme["words"].font, theme["words"].color) == ("serif", (0, 0, 0))
    assert (theme["blank_line"].dash, theme["line"].dash) == (False, True)
    assert theme["input"] == SOLARIZED["input"]
    assert theme.meaning == "a theme based on solarized"
    assert themes.counterpart(theme) is None


def test_bases_and_counterparts_lie_beside_the_file_that_names_them(tmp_path: Path) -> None:
    folder = tmp_path / "themes"
    folder.mkdir()
    written(folder, 'base = "own.toml"\n[roles]\npaper = "black"\nwords = "white"', "night.toml")
    theme = themes.load(written(folder, 'base = "muted"\ndark = "night.toml"\nmeaning = "mine"'))
    assert theme.meaning == "mine"
    night = themes.counterpart(theme)
    assert night is not None
    assert (night.paper, night["input"]) == ((0, 0, 0), THEMES["muted"]["input"])
    shipped = themes.counterpart(themes.load(written(folder, 'base = "muted"\ndark = "dark"')))
    assert shipped == THEMES["dark"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "roles.paper: must have a colour, unless the theme has a base"),
        ('base = "mutd"', 'base = "mutd": there is no such theme; did you mean muted?'),
        ('base = "gone.toml"', "gone.toml: cannot be read: no such file or directory"),
        ('base = "own.toml"', 'base = "own.toml": a theme cannot be based on itself'),
        ('base = "muted"\ndark = "nigth"', 'dark = "nigth": there is no such theme; known are'),
        ('base = "muted"\ndark = "gone.toml"', 'dark = "gone.toml": there is no such file; it is looked for beside'),
        ('base = "muted"\ndrak = "dark"', "drak: there is no such key; did you mean dark?"),
        ("base = 3", "base = 3: must be a text"),
        ('base = "muted"\nroles = "red"', 'roles = "red": must be a table'),
        ('base = "muted"\n[colors]\ninput = "red"', 'colors.input = "red": is a role; move it to [roles], or'),
        ('base = "muted"\n[colors]\na = 3', "colors.a = 3: must be a colour, as a text such as '#268bd2'"),
        ('base = "muted"\n[colors]\na = "rde"', "colors.a = \"rde\": there is no colour 'rde'; did you mean red?"),
        ('base = "muted"\n[roles]\ninptu = "red"', "roles.inptu: there is no such role; did you mean input?"),
        ('base = "muted"\n[roles]\ninput = 3', "roles.input = 3: must be a colour such as '#268bd2', or a table"),
        ('base = "muted"\n[roles]\ninput = {colr = "red"}', "roles.input.colr: this role has no such key; did you"),
        ('base = "muted"\n[roles]\ninput = {font = "sans"}', "roles.input.font: this role has no such key; known are"),
        ('base = "muted"\n[roles]\nline = {dash = 1}', "roles.line.dash = 1: must be true or false"),
        ('base = "muted"\n[roles]\nwords = {font = "mono"}', 'roles.words.font = "mono": must be sans or serif'),
        ('base = "muted"\n[roles]\ninput = {hatch = 1}', "roles.input.hatch = 1: must be a colour, as a text such as"),
        ('base = "muted"\n[roles]\ninput = {hatch = "rde"}', "roles.input.hatch = \"rde\": there is no colour 'rde'"),
        ('base = "muted"\n[roles]\nline = "none"', "roles.line = \"none\": must be a colour such as '#268bd2'; only"),
    ],
)
def test_what_is_wrong_with_a_theme(text: str, said: str, tmp_path: Path) -> None:
    first = problems(tmp_path, text)[0]
    assert first.replace(f"{tmp_path}/", "").startswith(said)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    """Once each, however many shades are made of what is wrong."""
    text = """
    base = "solarized"
    meanign = "mine"
    [colors]
    a = "b"
    b = "a"
    [roles]
    line = "none"
    input = "a"
    outptu = "red"
    kernel = { color = "steelblu", hatch = "a" }
    """
    found = problems(tmp_path, text)
    assert sorted(line.split(" ")[0].removesuffix(":") for line in found) == [
        "colors.b",
        "meanign",
        "roles.kernel",
        "roles.line",
        "roles.outptu",
    ]


def test_what_is_no_text_is_no_theme(tmp_path: Path) -> None:
    """Where it is not is said as compilers do: by line and column."""
    path = written(tmp_path, 'base = "muted"\ndark = dark')
    with pytest.raises(InputError, match=r"own.toml:2:8: is no valid TOML: invalid value"):
        themes.load(path)
    path = written(tmp_path, "base = " + 5000 * "[")
    with pytest.raises(InputError, match=r"own.toml: is nested too deeply"):
        themes.load(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"own.toml: must be text in UTF-8"):
        themes.load(path)
    with pytest.raises(InputError, match=r"cannot be read: "):
        themes.load(tmp_path)


# Of figures


@pytest.mark.parametrize("colors", [None, {}])
@pytest.mark.parametrize("name", THEMES)
def test_without_colours_it_is_the_theme_itself(name: str, colors: dict[str, str] | None) -> None:
    assert themes.theme_of(Figure(Conv(4, 3), theme=name, colors=colors)) == THEMES[name]


def test_a_figure_has_its_own_colours_and_perhaps_no_paper(tmp_path: Path) -> None:
    path = written(tmp_path, 'base = "print"')
    figure = Figure(Conv(4, 3), theme=str(path), colors={"input": "#b58900"}, transparent=True)
    theme = themes.theme_of(figure)
    assert (theme["input"].color, theme.paper, theme["output"]) == ((181, 137, 0), None, THEMES["print"]["output"])


def test_a_figure_says_what_is_wrong_with_its_theme_and_its_colours(tmp_path: Path) -> None:
    for options, said in (
        ({"colors": {"inptu": "red"}}, "colors.inptu: there is no such role; did you mean input?"),
        ({"colors": {"input": "rde"}}, "colors.input = 'rde': there is no colour 'rde'; did you mean red?"),
        (
            {"theme": str(tmp_path / "gone.toml")},
            f"{tmp_path / 'gone.toml'}: cannot be read: no such file or directory",
        ),
    ):
        with pytest.raises(InputError) as caught:
            Figure(Conv(4, 3), **options)
        assert str(caught.value) == said


def test_by_night_the_same_colours_replace_those_of_the_counterpart() -> None:
    """Where text can still be read there."""
    theme = SOLARIZED.replaced({"input": "#268bd2"})
    night = themes.counterpart(theme)
    assert night is None  # white on that blue has a contrast of 3.7
    fitting = themes.counterpart(SOLARIZED.replaced({"input": "#a03070", "sight": "gold"}))
    assert fitting == THEMES["dark"].replaced({"input": "#a03070", "sight": "gold"})
    clear = themes.counterpart(SOLARIZED.transparent())
    assert clear == THEMES["dark"].transparent()


def test_themes_load_nothing_heavy() -> None:
    """A theme is data; only a colour that is a word needs the table of those."""
    program = (
        "import sys; from convgif.registry import THEMES; theme = THEMES['muted']; theme['input']; "
        "loaded = lambda: sorted({'numpy', 'matplotlib', 'PIL'} & set(sys.modules)); "
        "theme.replaced({'input': '#fff'}); print(loaded()); theme.replaced({'input': 'red'}); print(loaded())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['PIL']"]
