"""Lesson 13: curves at random, and what a reading of the thermometer leaves of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from kernelfit.gaussian_process import GaussianProcess
from kernelfit.kernels import Gaussian
from kernelfit.views.controls import listed_slider, slider, tick, whole_slider
from kernelfit.views.style import BLACK, BLUE, GREEN, ORANGE, PINK, SKY, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import signed

Array = NDArray[np.float64]

DAY, COLDEST, WARMEST = 24.0, -10.0, 10.0  # hours; °C above the mean of the month
HOURS = np.linspace(0.0, DAY, 145)
WIDTHS = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0)
NOISES = (0.1, 0.2, 0.5, 1.0, 2.0, 3.0)
DRAWS, SEEDS = 4, 20
MOST = 12  # readings


@dataclass(frozen=True)
class Knowledge:
    """What is known about the temperature of the day, after some readings."""

    readings: Array  # (n, 2): hours and °C
    mean: Array
    std: Array  # of the temperature
    std_of_reading: Array | None  # of a further reading; None where it is not shown
    draws: Array
    asked: tuple[float, float]  # where the next reading would be
    said: tuple[float, float, float]  # mean, and both standard deviations there
    noise: float


@dataclass
class KnowledgeArtists:
    """What moves in the picture."""

    band: Polygon
    mean: Line2D
    edges: list[Line2D]
    draws: list[Line2D]
    readings: Line2D
    asked: list[Line2D]


class HowSure(View[Knowledge, KnowledgeArtists]):
    """Click to read the thermometer, and see what is then still open.

    ``readings`` are pairs (hour, °C) that are there from the start.
    """

    name = "how_sure"

    def __init__(self, readings: Sequence[tuple[float, float]] = ()) -> None:
        add = ipywidgets.Button(description="Add reading", tooltip="Read at the hollow mark")
        add.on_click(lambda _: self._add_asked())
        super().__init__(
            {
                "width": listed_slider("width σ [h]", WIDTHS, 2.0),
                "amplitude": slider("amplitude a [°C]", 1, 6, 0.5, 4),
                "noise": listed_slider("noise s [°C]", NOISES, 0.5),
                "seed": whole_slider("seed of the curves", 1, SEEDS, 1),
                "hour": slider("next reading at [h]", 0, DAY, 0.5, 12),
                "value": slider("it would say [°C]", COLDEST, WARMEST, 0.5, 3),
                "of_reading": tick("±2 s.d. of a reading"),
                "add": add,
            },
            held={"readings": np.array(readings, dtype=float).reshape(-1, 2)},
        )

    def compute(self, state: State) -> Knowledge:
        readings, asked = state["readings"], (state["hour"], state["value"])
        kernel = state["amplitude"] ** 2 * Gaussian(state["width"])
        process = GaussianProcess(kernel, noise_variance=state["noise"] ** 2)
        places = np.append(HOURS, asked[0])
        if len(readings):
            process.fit(*readings.T)
            mean, std = process.predict(places, return_std=True)
        else:
            mean, std = np.zeros(len(places)), np.full(len(places), state["amplitude"])
        of_reading = np.sqrt(std**2 + state["noise"] ** 2)
        return Knowledge(
            readings=readings,
            mean=mean[:-1],
            std=std[:-1],
            std_of_reading=of_reading[:-1] if state["of_reading"] else None,
            draws=process.sample(HOURS, DRAWS, seed=state["seed"]),
            asked=asked,
            said=(float(mean[-1]), float(std[-1]), float(of_reading[-1])),
            noise=state["noise"],
        )

    def build(self, figure: Figure, result: Knowledge) -> KnowledgeArtists:
        axes = figure.subplots()
        axes.set(
            xlim=(0, DAY),
            ylim=(COLDEST - 1, WARMEST + 1),
            xticks=range(0, 25, 3),
            yticks=range(-10, 11, 5),
        )
        axes.set(xlabel="hour of the day [h]", ylabel="above the mean of the month [°C]")
        (band,) = axes.fill([], [], facecolor=SKY, alpha=0.35, edgecolor=BLUE, linewidth=0.8)
        styles = zip((ORANGE, GREEN, PINK, BLACK), ("-", "--", "-.", ":"), strict=True)
        draws = [axes.plot([], [], c, ls=ls, linewidth=1.3)[0] for c, ls in styles]
        edges = [axes.plot([], [], "--", color=VERMILLION, linewidth=1.5)[0] for _ in "+-"]
        (mean,) = axes.plot([], [], color=BLUE, linewidth=2.6)
        (readings,) = axes.plot([], [], "o", color=BLACK, markersize=8, zorder=4)
        (way,) = axes.plot([], [], ":", color="0.45", linewidth=1.2)
        (here,) = axes.plot([], [], "D", mec=BLACK, mfc="white", mew=1.5, markersize=7, zorder=4)
        marks = {
            "mean": mean,
            "±2 s.d.": band,
            "±2 s.d. of a reading": edges[0],
            "random curves": draws[0],
            "reading (drag it)": readings,
            "next reading": here,
        }
        wide = figure.get_figwidth() > figure.get_figheight()
        figure.legend(
            list(marks.values()), list(marks), loc="outside lower center", ncols=3 if wide else 2
        )
        return KnowledgeArtists(band, mean, edges, draws, readings, [way, here])

    def draw(self, moving: KnowledgeArtists, result: Knowledge) -> None:
        low, high = result.mean - 2 * result.std, result.mean + 2 * result.std
        moving.band.set_xy(outline(HOURS, low, high))
        moving.mean.set_data(HOURS, result.mean)
        for sign, edge in zip((1, -1), moving.edges, strict=True):
            edge.set_visible(result.std_of_reading is not None)
            if result.std_of_reading is not None:
                edge.set_data(HOURS, result.mean + 2 * sign * result.std_of_reading)
        for line, values in zip(moving.draws, result.draws, strict=True):
            line.set_data(HOURS, values)
        moving.readings.set_data(*result.readings.T)
        way, here = moving.asked
        hour, value = result.asked
        way.set_data([hour, hour], [COLDEST - 1, WARMEST + 1])
        here.set_data([hour], [value])

    def handles(self, moving: KnowledgeArtists, result: Knowledge) -> tuple[Any, Array] | None:
        return (moving.mean.axes, result.readings) if len(result.readings) else None

    def dragged(self, index: int, x: float, y: float) -> None:
        readings = self.held["readings"].copy()
        readings[index] = _in_the_picture(x, y)
        self.held["readings"] = readings

    def clickable(self, moving: KnowledgeArtists) -> Any:
        return moving.mean.axes

    def clicked(self, x: float, y: float) -> None:
        self._add(*_in_the_picture(x, y))

    def _add_asked(self) -> None:
        with self._one_update():
            self._add(self.state["hour"], self.state["value"])

    def _add(self, x: float, y: float) -> None:
        self.held["readings"] = np.vstack([self.held["readings"], [x, y]])[-MOST:]

    def describe(self, result: Knowledge) -> str:
        count = len(result.readings)
        words = ("No reading", "1 reading")[count] if count < 2 else f"{count} readings"
        mean, std, of_reading = result.said
        return (
            f"{words}. At {result.asked[0]:.1f} h the temperature is {signed(mean, '.1f')} ± "
            f"{2 * std:.1f} °C; a reading there, with its noise of {result.noise:g} °C, is "
            f"{signed(mean, '.1f')} ± {2 * of_reading:.1f} °C (twice the standard deviation)."
        )


def outline(x: Array, low: Array, high: Array) -> Array:
    """The corners of the band between two curves, for a polygon: (2 len(x), 2)."""
    return np.column_stack([np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]])])


def _in_the_picture(x: float, y: float) -> tuple[float, float]:
    """A reading as it is written down, to a tenth, and where it can be seen."""
    return float(np.clip(round(x, 1), 0.2, DAY - 0.2)), float(np.clip(round(y, 1), -10.5, 10.5))
