"""The colours of the style, and what a renderer may rely on."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgif.arithmetic import Conv, ConvTranspose
from convgif.drawing import draw
from convgif.drawing.scene import Color, Line, Polygon, Scene, Text
from convgif.drawing.theme import THEMES, WRITTEN_ON, Theme, blend, contrast, theme_of, unreadable
from convgif.errors import InputError
from convgif.figure import ROLES, Figure, ThemeName
from tests.arithmetic.strategies import REPEATABLE
from tests.drawing.golden import FIGURES
from tests.drawing.truth import INPUT, PALETTES, PAPER, WORDS

BYTES = st.integers(0, 255)
COLORS = st.tuples(BYTES, BYTES, BYTES)
BLACK: Final = (0, 0, 0)
WHITE: Final = (255, 255, 255)


def test_every_theme_that_a_figure_can_have_is_there() -> None:
    assert set(THEMES) == set(get_args(ThemeName))


@pytest.mark.parametrize("name", PALETTES)
def test_themes_have_the_colours_that_they_are_known_for(name: ThemeName) -> None:
    """Solarized those of the original; muted those that were asked for, and what covers the input apart."""
    theme, known = THEMES[name], PALETTES[name]
    assert theme.paper == PAPER
    assert known == (
        theme.input,
        theme.cut,
        theme.blank,
        theme.kernel,
        theme.output,
        theme.pending,
        theme.shadow_on_canvas,
        theme.shadow_on_input,
        theme.shadow_on_output,
    )


def test_lines_and_letters_are_the_themes_too() -> None:
    solarized, muted = THEMES["solarized"], THEMES["muted"]
    assert (solarized.line, solarized.sight, solarized.words) == ((0, 43, 54), (0, 0, 0), "sans")
    assert (muted.line, muted.words) == ((255, 255, 255), "serif")
    assert (muted.text, muted.text_on_shadow) == ((0, 0, 0), (0, 0, 0))
    assert (solarized.text, solarized.text_on_shadow) == ((0, 0, 0), (255, 255, 255))


@pytest.mark.parametrize("name", THEMES)
def test_what_a_cell_is_can_be_told_from_its_colour(name: ThemeName) -> None:
    """Cells that mean different things in one figure never look the same."""
    theme = THEMES[name]
    on_canvas = [theme.blank or theme.paper, theme.input, theme.cut, theme.shadow_on_canvas, theme.shadow_on_input]
    on_output = [theme.pending, theme.output, theme.shadow_on_output]
    for colors in (on_canvas, on_output):
        for number, color in enumerate(colors):
            for other in colors[:number]:
                # Greys have no hue to be told by, but lines around all cells.
                assert max(abs(a - b) for a, b in zip(color, other, strict=True)) >= (15 if name == "print" else 20)


@REPEATABLE
@given(COLORS, COLORS, st.floats(0, 1))
def test_a_blend_lies_between_its_colours(over: Color, under: Color, opacity: float) -> None:
    assert blend(over, under, 1) == over
    assert blend(over, under, 0) == under
    for a, b, mixed in zip(over, under, blend(over, under, opacity), strict=True):
        assert min(a, b) <= mixed <= max(a, b)
        assert abs(mixed - (b + (a - b) * opacity)) <= 0.5 + 1e-9


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


@pytest.mark.parametrize("name", THEMES)
def test_text_can_be_read_wherever_it_stands(name: ThemeName) -> None:
    """In all figures, as they are drawn: by WCAG 2.2, 1.4.3, a contrast of 4.5."""
    found = 0
    for figure in FIGURES.values():
        for text, ground in written_on(draw(replace(figure, theme=name, transparent=False))):
            assert ratio(text, ground) >= 4.5
            found += 1
    assert found >= 20
    assert not list(unreadable(THEMES[name]))


def test_what_text_is_written_on_is_known() -> None:
    """Told from figures in which every role has a colour of its own."""
    own = {role: f"#{number:02x}00{number:02x}" for number, role in enumerate(("text", "faint", "line", "sight"))}
    dark = ("shadow_on_input", "shadow_on_output")
    rest = [role for role in ROLES if role not in own]
    for number, role in enumerate(rest):
        part = f"{number if role in dark else 255 - number:02x}"
        own[role] = f"#0000{part}" if role in dark else f"#ffff{part}"
    roles = {color_of(color): role for role, color in own.items()}
    assert len(roles) == len(ROLES)
    seen = set()
    for figure in FIGURES.values():
        colored = replace(figure, colors=own, transparent=False)
        seen |= {(roles[text], roles[ground]) for text, ground in written_on(draw(colored))}
    assert seen <= {(text, ground) for text, grounds in WRITTEN_ON.items() for ground in grounds}
    assert {"paper", "input", "kernel", "output", "shadow_on_canvas"} <= {ground for _, ground in seen}


def color_of(digits: str) -> Color:
    red, green, blue = bytes.fromhex(digits[1:])
    return red, green, blue


def written_on(scene: Scene) -> set[tuple[Color, Color]]:
    """The colour of every text that is seen, and of the area that it lies on: in some frames."""
    last = len(scene.durations) - 1
    found: set[tuple[Color, Color]] = set()
    assert scene.paper is not None
    for frame in {0, last // 3, last // 2, last}:
        items = [item for track in scene.tracks for item in track.at(frame)]
        for number, text in enumerate(items):
            if not isinstance(text, Text):
                continue
            below = [item for item in items[:number] if isinstance(item, Polygon) and lies_on(text, item)]
            above = [item for item in items[number:] if isinstance(item, Polygon) and lies_on(text, item)]
            if not above:
                found.add((text.color, below[-1].fill if below else scene.paper))
    return found


def lies_on(text: Text, area: Polygon) -> bool:
    """Whether the middle of a number lies inside of a polygon, by the edges that a ray crosses; words lie on none."""
    x, y = text.at
    if text.anchor != "middle":
        return False
    for part in area.parts:
        crossed = 0
        for (left, top), (right, bottom) in zip(part, (*part[1:], part[0]), strict=True):
            if (top > y) != (bottom > y) and x < left + (y - top) / (bottom - top) * (right - left):
                crossed += 1
        if crossed % 2:
            return True
    return False


@pytest.mark.parametrize("name", THEMES)
def test_lines_that_carry_the_drawing_can_be_seen(name: ThemeName) -> None:
    """By WCAG 2.2, 1.4.11: a contrast of 3 with the paper, unless all cells are filled, as the muted ones are."""
    theme = THEMES[name]
    assert ratio(theme.sight, theme.paper) >= 3
    if theme.blank is None:
        assert ratio(theme.line, theme.paper) >= 3
    else:
        assert name == "muted"
        assert ratio(theme.blank, theme.paper) >= 2


SHADED: Final = (("paper", "shadow_on_canvas"), ("input", "shadow_on_input"), ("output", "shadow_on_output"))


@pytest.mark.parametrize(("plain", "shaded"), SHADED)
def test_shaded_cells_are_told_without_their_hue(plain: str, shaded: str) -> None:
    """In the themes that are for this: hatched by the one, by lightness in print; that of the night does it too."""
    for name, role in (("colorblind", "hatch"), ("print", plain)):
        theme = THEMES[name]  # type: ignore[index]  # two of them
        assert ratio(getattr(theme, shaded), getattr(theme, role)) >= 3
    if plain != "paper":
        assert ratio(getattr(THEMES["dark"], shaded), getattr(THEMES["dark"], plain)) >= 3


def test_only_the_colorblind_theme_is_hatched() -> None:
    """Wherever it shades, and nowhere else."""
    assert [name for name, theme in THEMES.items() if theme.hatch is not None] == ["colorblind"]
    for figure in (Figure(Conv(4, 3, padding=1), view=view) for view in ("isometric", "flat")):
        plain, hatched = (
            [item for track in draw(one).tracks for item in track.at(2) if isinstance(item, Line)]
            for one in (
                replace(figure, theme="colorblind", colors={"hatch": "none"}),
                replace(figure, theme="colorblind"),
            )
        )
        assert len(hatched) > len(plain)


@pytest.mark.parametrize(
    ("figure", "shaded"),
    [
        # Nine taps, and the output cell.
        (Figure(Conv(4, 3)), 10),
        (Figure(Conv(4, 3), view="flat"), 10),
        # Those, nine weights of the row, nine elements of x, and one of y.
        (Figure(Conv(4, 3), view="matrix"), 10 + 19),
        # The same for two of the four inputs, of which the window sees so many; in the other matrix too.
        (Figure(ConvTranspose(2, 2), view="matrix", direct_matrix=True), 5 + 3 * 2 + 1),
        # The input element, and its stamp.
        (Figure(ConvTranspose(2, 3), view="scatter"), 1 + 9),
    ],
)
def test_every_shaded_cell_is_hatched(figure: Figure, shaded: int) -> None:
    """In all views; three strokes each, in a colour that nothing else has here."""
    scene = draw(replace(figure, theme="colorblind", colors={"hatch": "#123456"}))
    lines = [item for track in scene.tracks for item in track.at(1) if isinstance(item, Line)]
    assert sum(len(line.parts) for line in lines if line.color == (0x12, 0x34, 0x56)) == 3 * shaded


def test_print_is_grey() -> None:
    """Ink of no hue at all, and dark ones on white."""
    colors = [color for color in vars(THEMES["print"]).values() if isinstance(color, tuple)]
    assert all(len(set(color)) == 1 for color in colors)
    assert THEMES["print"].paper == WHITE


def test_the_night_has_a_dark_ground() -> None:
    assert light(THEMES["dark"].paper) < 0.05
    assert light(THEMES["dark"].text) > 0.5
    assert {name: theme.night for name, theme in THEMES.items() if theme.night} == {"solarized": "dark"}


def test_colours_of_one_s_own_replace_those_of_the_theme() -> None:
    """And no others; such a figure is the same by night."""
    figure = Figure(Conv(4, 3), theme="solarized", colors={"input": "#FFeedd", "line": "#123", "blank": "#ccc"})
    theme = theme_of(figure)
    assert (theme.input, theme.line, theme.blank) == ((255, 238, 221), (17, 34, 51), (204, 204, 204))
    assert replace(theme, input=INPUT, line=(0, 43, 54), blank=None, night="dark") == THEMES["solarized"]
    assert theme.night is None
    scene = draw(figure)
    assert (255, 238, 221) in scene.areas
    assert INPUT not in scene.areas


@pytest.mark.parametrize("colors", [None, {}])
@pytest.mark.parametrize("name", THEMES)
def test_without_colours_it_is_the_theme_itself(name: ThemeName, colors: dict[str, str] | None) -> None:
    assert theme_of(Figure(Conv(4, 3), theme=name, colors=colors)) == THEMES[name]


def test_a_role_can_have_no_colour() -> None:
    figure = Figure(Conv(4, 3), theme="colorblind", colors={"hatch": "none"})
    assert theme_of(figure).hatch is None
    assert theme_of(replace(figure, theme="muted", colors={"blank": "none"})).blank is None


@pytest.mark.parametrize(
    ("colors", "said"),
    [
        ({"inptu": "#fff"}, "colors.inptu: there is no such role; did you mean input?"),
        ({"line": "blue"}, "colors.line = 'blue': must be a colour such as '#268bd2'"),
        ({"line": "#12345"}, "colors.line = '#12345': must be a colour such as '#268bd2'"),
        ({"line": "#ffff"}, "colors.line = '#ffff': must be a colour such as '#268bd2'"),
        ({"line": "#fff\n"}, "colors.line = '#fff\\n': must be a colour such as '#268bd2'"),
        ({"line": "none"}, "colors.line = 'none': must be a colour such as '#268bd2'"),
        ({"hatch": "nil"}, "colors.hatch = 'nil': must be a colour such as '#268bd2', or 'none'"),
        ({"words": "#fff"}, "colors.words: there is no such role; did you mean cut?"),
    ],
)
def test_colours_that_are_none(colors: dict[str, str], said: str) -> None:
    with pytest.raises(InputError) as caught:
        Figure(Conv(4, 3), colors=colors)
    assert str(caught.value).split(";")[0] == said.split(";")[0]


def test_a_role_that_a_theme_knows_and_a_figure_does_not() -> None:
    """Every field of a theme is a role, but for its typeface and its counterpart."""
    assert {field.name for field in fields(Theme)} - {"words", "night"} == set(ROLES)


@pytest.mark.parametrize(
    ("colors", "pairs"),
    [
        ({"input": "#333"}, {("text", "input")}),
        (
            {"text": "#eee"},
            {("text", role) for role in ("paper", "input", "cut", "kernel", "entry", "output", "shadow_on_canvas")},
        ),
        ({"shadow_on_input": "#fff"}, {("text_on_shadow", "shadow_on_input")}),
        ({"faint": "#999"}, {("faint", "paper")}),
        ({"blank": "#444"}, {("text", "blank")}),
        ({"line": "#fff"}, set()),
    ],
)
def test_unreadable_names_every_pair(colors: dict[str, str], pairs: set[tuple[str, str]]) -> None:
    changed = theme_of(Figure(Conv(4, 3), colors=colors))
    found = list(unreadable(changed))
    assert {(text, ground) for text, ground, _ in found} == pairs
    for text, ground, told in found:
        assert told == pytest.approx(ratio(getattr(changed, text), getattr(changed, ground)))
        assert told < 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_painted_in_the_colours_of_its_theme(name: str, theme: ThemeName) -> None:
    """In every view; and of the paper, where it has any."""
    colors = vars(THEMES[theme]).values()
    scene = draw(replace(FIGURES[name], theme=theme))
    assert {*scene.areas, *scene.inks} <= {color for color in colors if isinstance(color, tuple)}
    words = [item for track in scene.tracks if track.name in WORDS for item in track.at((track.span or [0])[0])]
    upright = {"=", "×", "→"}
    assert {item.font for item in words if isinstance(item, Text) and item.text not in upright} <= {THEMES[theme].words}
