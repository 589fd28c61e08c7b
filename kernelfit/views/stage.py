"""The stage: one picture in the page that is drawn once and then only changed.

A matplotlib figure is drawn into memory. What never moves (axes, labels, grid) is kept as a
background; for a new value only the moving artists are drawn on a copy of it ("blitting"),
and the result goes to the browser as one PNG into the same element.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

import anywidget
import matplotlib.style
import numpy as np
import traitlets
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from kernelfit.views.png import png_of

DPI = 100  # CSS pixels per inch of figure
STYLE = "kernelfit.views.course"
SHARPEST = 1.5  # more pixels per CSS pixel than this cost more time than they please the eye


class Stage(anywidget.AnyWidget):
    """The browser's half: a picture, a sentence, a place for an error, points to grab."""

    _esm = Path(__file__).parent / "stage.js"
    _css = Path(__file__).parent / "stage.css"

    view = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int().tag(sync=True)
    picture = traitlets.Bytes().tag(sync=True)
    readout = traitlets.Unicode().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)
    handles: traitlets.List[list[float]] = traitlets.List().tag(sync=True)
    drag: traitlets.List[float] = traitlets.List().tag(sync=True)
    click_area: traitlets.List[float] = traitlets.List().tag(sync=True)
    click: traitlets.List[float] = traitlets.List().tag(sync=True)
    pixel_ratio = traitlets.Float(1.0).tag(sync=True)
    narrow = traitlets.Bool(False).tag(sync=True)  # whether there is no room for two panels
    sharpest = traitlets.Float(SHARPEST).tag(sync=True)


class Scenery:
    """Python's half: a figure whose moving artists are drawn over a kept background.

    Parameters
    ----------
    figure : the figure, complete, with every axis at its final limits.
    moving : a dataclass (or nested lists) of the artists that later change.
    """

    def __init__(self, figure: Figure, moving: Any) -> None:
        canvas: Any = FigureCanvasAgg(figure)  # matplotlib types only part of it
        self.moving = sorted(artists_in(moving), key=lambda artist: artist.get_zorder())
        for artist in self.moving:
            artist.set_animated(True)
        canvas.draw()
        self.background = canvas.copy_from_bbox(figure.bbox)
        self.canvas = canvas

    def png(self) -> bytes:
        """The picture as it stands, as PNG: the background, then each moving artist over it."""
        self.canvas.restore_region(self.background)
        for artist in self.moving:
            (artist.axes or self.canvas.figure).draw_artist(artist)
        return png_of(np.asarray(self.canvas.buffer_rgba()))


def new_figure(size: tuple[float, float], ratio: float = 1.0) -> Figure:
    """An empty figure of the given size in inches, in the style of the course."""
    with matplotlib.style.context(STYLE):
        return Figure(figsize=size, dpi=DPI * ratio)


def two_panels(figure: Figure) -> Any:
    """Two axes side by side, or one above the other in a figure that is taller than wide."""
    wide = figure.get_figwidth() > figure.get_figheight()
    return figure.subplots(1, 2) if wide else figure.subplots(2, 1)


def artists_in(moving: Any) -> Iterable[Artist]:
    """Every artist in a dataclass or a list of artists, however nested."""
    if isinstance(moving, (Axes, Figure)):
        raise TypeError(f"what moves must be drawn on its own; {moving!r} would redraw everything")
    if isinstance(moving, Artist):
        yield moving
    elif hasattr(moving, "__dataclass_fields__"):
        for field in fields(moving):
            yield from artists_in(getattr(moving, field.name))
    elif isinstance(moving, (list, tuple)):
        for one in moving:
            yield from artists_in(one)
