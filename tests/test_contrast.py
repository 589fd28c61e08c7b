"""What is drawn stands out from the white card: at least 3 : 1 (WCAG 2.2, 1.4.11), words 4.5 : 1.

Judged are curves, points and words of every view; what is there for orientation (a straight line
at zero, the grid, dotted drops, a pale copy of a curve) is not.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from matplotlib import colors
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from test_views import NAMES

from kernelfit import views
from kernelfit.views import style

LINES, WORDS = 3.0, 4.5


def contrast(colour: object, alpha: float | None = None) -> float:
    """Of a colour on white, from 1 to 21: WCAG's ratio of luminances."""
    red, green, blue, opacity = colors.to_rgba(colour, alpha)
    mixed = 1 - opacity * (1 - np.array([red, green, blue]))
    linear = np.where(mixed <= 0.04045, mixed / 12.92, ((mixed + 0.055) / 1.055) ** 2.4)
    return 1.05 / (float(linear @ [0.2126, 0.7152, 0.0722]) + 0.05)


def pale_lines(figure: Figure) -> Iterator[str]:
    for line in figure.findobj(Line2D):
        if line.axes is None or line not in line.axes.lines or not len(line.get_xdata()):
            continue
        marker = line.get_marker() not in ("", " ", "None", None)
        around = contrast(line.get_markeredgecolor(), line.get_alpha()) if marker else 0.0
        through = contrast(line.get_color(), line.get_alpha())
        for_orientation = not marker and (len(line.get_xdata()) <= 2 or line.get_linestyle() == ":")
        if max(around, through) < LINES and not for_orientation:
            yield f"line {line.get_label()}: {line.get_color()} {through:.2f}"


def pale_collections(figure: Figure) -> Iterator[str]:
    for lines in figure.findobj(LineCollection):
        if not len(lines.get_segments()) or lines.get_array() is not None:
            continue
        dotted = any(pattern for _, pattern in lines.get_linestyle())
        for colour in lines.get_colors():
            if contrast(colour) < LINES and not dotted:
                yield f"lines {lines.get_label()}: {colors.to_hex(colour)} {contrast(colour):.2f}"


def pale_words(figure: Figure) -> Iterator[str]:
    for text in figure.findobj(Text):
        if text.get_text().strip() and text.get_visible() and text.get_alpha() != 0:
            found = contrast(text.get_color(), text.get_alpha())
            if found < WORDS and contrast(text.get_color()) > 1.2:  # white stands on something dark
                yield f"word {text.get_text()!r}: {text.get_color()} {found:.2f}"


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_what_a_view_draws_stands_out(name: str) -> None:
    figure = views.ALL[name]().fresh_figure()
    pale = [*pale_lines(figure), *pale_collections(figure), *pale_words(figure)]
    assert pale == []


def test_the_colours_of_lines_stand_out() -> None:
    for_lines = {key: value for key, value in vars(style).items() if key.isupper() and key != "SKY"}
    assert {key for key, value in for_lines.items() if contrast(value) < LINES} == set()
    assert contrast("white") == 1
    assert contrast("black") == pytest.approx(21)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.005)  # the usual example
