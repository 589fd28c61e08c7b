"""Lesson 14: the bell as a mean of waves, their frequencies drawn by chance or in even steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from kernelfit.views.controls import choice, listed_slider, whole_slider
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLACK, BLUE, VERMILLION
from kernelfit.views.view import State, View

Array = NDArray[np.float64]

COUNTS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)
SHOWN = 5  # single waves in the picture
SEEDS = 20
FAR = 6.0  # widths
ERRORS = (6e-6, 3.0)
FLOOR = 1e-5  # smaller errors are drawn here, inside of the picture


@cache
def distances() -> Array:
    """Distances s = x − z in widths, to one side: all is the same to the other."""
    return np.linspace(0.0, FAR, 301)


def bell(s: Array) -> Array:
    """The Gaussian kernel at the distance s."""
    return np.asarray(np.exp(-(s**2) / 2))


def drawn(seed: int) -> Array:
    """As many frequencies as are ever needed, from the normal distribution."""
    return np.random.default_rng(seed).normal(size=COUNTS[-1])


def in_even_steps(count: int) -> tuple[Array, Array]:
    r"""Frequencies (j + 1/2) h, weighted by the density: the midpoint rule for the integral.

    .. math:: h N = \frac{2\pi}{h} - S

    With this step the frequencies that are left out, above h N, weigh about as much as the copy
    of the bell that the rule makes at the distance 2 pi / h weighs at S, the end of the picture.
    """
    h = (np.sqrt(FAR**2 + 8 * np.pi * count) - FAR) / (2 * count)
    frequencies = (np.arange(count) + 0.5) * h
    weights = bell(frequencies)
    return frequencies, weights / weights.sum()


@cache
def means_by_chance(seed: int) -> Array:
    """The mean of cos(ω s) over the first frequencies drawn, a row for each of the counts."""
    waves = np.cos(np.multiply.outer(drawn(seed), distances()))
    counts = np.array(COUNTS)
    return np.asarray(np.cumsum(waves, axis=0)[counts - 1] / counts[:, None])


@cache
def mean_in_even_steps(count: int) -> Array:
    """The weighted mean of cos(ω s) over frequencies in even steps."""
    frequencies, weights = in_even_steps(count)
    return np.asarray(weights @ np.cos(np.multiply.outer(frequencies, distances())))


def mean_of_waves(even: bool, count: int, seed: int) -> Array:
    """What so many waves make of the bell."""
    return mean_in_even_steps(count) if even else means_by_chance(seed)[COUNTS.index(count)]


def error(even: bool, count: int, seed: int) -> float:
    """The largest difference from the bell."""
    return float(np.abs(mean_of_waves(even, count, seed) - bell(distances())).max())


def both_sides(values: Array) -> tuple[Array, Array]:
    """Distances and values to the left of 0, too."""
    s = distances()
    return np.concatenate([-s[:0:-1], s]), np.concatenate([values[:0:-1], values])


@dataclass(frozen=True)
class Waves:
    """Some of the waves, their mean, and the errors of the counts passed so far."""

    even: bool
    count: int
    single: Array  # (SHOWN, 301), the missing ones nan
    mean: Array
    chance: Array
    steps: Array  # empty until they are asked for

    @property
    def passed(self) -> Array:
        """The counts up to this one."""
        return np.array([count for count in COUNTS if count <= self.count], dtype=float)


@dataclass
class WavesArtists:
    """What moves in the picture."""

    single: list[Line2D]
    mean: Line2D
    root: Line2D
    chance: Line2D
    steps: Line2D
    below: Line2D
    here: Line2D


class RandomWaves(View[Waves, WavesArtists]):
    """Take the mean of more and more waves, and see what it becomes and how fast."""

    name = "random_waves"

    def __init__(self) -> None:
        kinds = [("by chance", False), ("in even steps, weighted", True)]
        super().__init__(
            {
                "count": listed_slider("waves", COUNTS, 1),
                "even": choice("frequencies", kinds, False),
                "seed": whole_slider("seed of the chance", 1, SEEDS, 1),
            }
        )

    def compute(self, state: State) -> Waves:
        even, count, seed = state["even"], state["count"], state["seed"]
        first = (in_even_steps(count)[0] if even else drawn(seed)[:count])[:SHOWN]
        single = np.full((SHOWN, len(distances())), np.nan)
        single[: len(first)] = np.cos(np.multiply.outer(first, distances()))
        passed = [c for c in COUNTS if c <= count]
        return Waves(
            even=even,
            count=count,
            single=single,
            mean=mean_of_waves(even, count, seed),
            chance=np.array([error(False, c, seed) for c in passed]),
            steps=np.array([error(True, c, seed) for c in passed if even]),
        )

    def build(self, figure: Figure, result: Waves) -> WavesArtists:
        sums, sizes = two_panels(figure)
        sums.set(xlim=(-FAR, FAR), ylim=(-1.1, 1.4), title="the mean of the waves")
        sums.set(xlabel="distance x − z [widths]", ylabel="kernel")
        single = [sums.plot([], [], color="0.55", linewidth=1.0)[0] for _ in range(SHOWN)]
        (whole,) = sums.plot(*both_sides(bell(distances())), "--", color=BLACK, linewidth=1.8)
        (mean,) = sums.plot([], [], color=BLUE, linewidth=2.2)
        sizes.set(xscale="log", yscale="log", xlim=(0.7, 6000), ylim=ERRORS)
        sizes.set(xlabel="waves", ylabel="largest difference", title="how far from the bell")
        sizes.set_yticks([1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1])
        sizes.minorticks_off()
        (root,) = sizes.plot([], [], ":", color="0.4", label="1/√(number of waves)")
        (chance,) = sizes.plot([], [], "^-", color=BLUE, markersize=6, label="by chance")
        (steps,) = sizes.plot([], [], "s--", color=VERMILLION, markersize=6, label="in even steps")
        (below,) = sizes.plot([], [], "v", color=BLACK, markersize=8, label="below the picture")
        (here,) = sizes.plot([], [], "o", mec="black", mfc="none", markersize=15, mew=1.8)
        sums.legend(
            [whole, mean, single[0]], ["bell", "mean", f"the first {SHOWN} waves"],
            loc="upper center", ncols=3, columnspacing=1.0, handlelength=1.6,
        )  # fmt: skip
        wide = figure.get_figwidth() > figure.get_figheight()
        figure.legend(
            handles=[chance, steps, root, below], loc="outside lower center",
            ncols=4 if wide else 2,
        )  # fmt: skip
        return WavesArtists(single, mean, root, chance, steps, below, here)

    def draw(self, moving: WavesArtists, result: Waves) -> None:
        for line, wave in zip(moving.single, result.single, strict=True):
            line.set_data(*both_sides(wave))
        moving.mean.set_data(*both_sides(result.mean))
        passed = result.passed
        moving.root.set_data(passed, passed**-0.5)
        moving.chance.set_data(passed, result.chance)
        tried = passed[: len(result.steps)]
        seen = result.steps > FLOOR
        moving.steps.set_data(tried, np.maximum(result.steps, FLOOR))
        moving.steps.set_markevery(np.flatnonzero(seen).tolist())
        moving.below.set_data(tried[~seen], np.full(np.count_nonzero(~seen), FLOOR))
        now = (result.steps if result.even else result.chance)[-1]
        moving.here.set_data([result.count], [max(now, FLOOR)])

    def describe(self, result: Waves) -> str:
        now = (result.steps if result.even else result.chance)[-1]
        size = f"{now:.2g}" if now >= FLOOR else "0.00001"
        how = "with frequencies in even steps" if result.even else "drawn by chance"
        some = f"{result.count} waves" if result.count > 1 else "1 wave"
        return f"The mean of {some} {how}: at most {size} from the bell, up to {FAR:g} widths away."
