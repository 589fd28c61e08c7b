"""How long a fit of a million points takes, and how much memory, beside numpy and scikit-learn.

Times: all take turns, round by round, because the machine may be shared; the ratio to a peer is the
median of the ratios in each round. Memory: each fit in a process of its own, the highest resident
size (ru_maxrss) after the fit less the one before it, when the data were loaded and a small fit had
loaded the libraries; MB are 10^6 bytes. lstsq gets its column of ones beforehand, untimed.

The promise: a polynomial of degree 10 at least 3 times faster than numpy.polyfit with no more
memory; 20 columns no slower than numpy.linalg.lstsq and scikit-learn.

    python benchmarks/bench_fit_speed.py [--points 1000000] [--rounds 7]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module, util
from pathlib import Path

import numpy as np
from numpy.polynomial import Polynomial
from sklearn import linear_model

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from machine import print_arithmetic  # noqa: E402
from page import head, row, said  # noqa: E402

import kernelfit as kf  # noqa: E402

DEGREE, COLUMNS = 10, 20

Data = tuple[np.ndarray, np.ndarray]


# The data, written block by block, so that nothing beside them raises the highest resident size


def blocks(n: int) -> Iterator[tuple[slice, int]]:
    for start in range(0, n, 10_000):
        yield slice(start, start + 10_000), min(10_000, n - start)


def curve(n: int) -> Data:
    """Points anywhere in [-1, 1], where powers of x do numpy.polyfit no harm."""
    rng = np.random.default_rng(0)
    x, y = np.empty(n), np.empty(n)
    for part, size in blocks(n):
        x[part] = rng.uniform(-1, 1, size)
        y[part] = np.sin(3 * x[part]) + 0.1 * rng.normal(size=size)
    return x, y


def table(n: int, ones: int = 0) -> Data:
    """Columns of noise, behind as many columns of ones as are asked for."""
    rng = np.random.default_rng(0)
    X, y = np.ones((n, ones + COLUMNS)), np.empty(n)
    c = np.arange(1.0, COLUMNS + 1)
    for part, size in blocks(n):
        X[part, ones:] = rng.normal(size=(size, COLUMNS))
        y[part] = 5 + X[part, ones:] @ c + rng.normal(size=size)
    return X, y


def table_with_ones(n: int) -> Data:
    return table(n, ones=1)


# The fits


def polynomial(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return kf.PolynomialRegression(DEGREE).fit(x, y).power_coefficients_


def polyfit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.polyfit(x, y, DEGREE)[::-1]


def polynomial_fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return Polynomial.fit(x, y, DEGREE).convert().coef


def linear(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    model = kf.LinearRegression().fit(X, y)
    return np.array([model.intercept_, *model.coef_])


def lstsq(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.linalg.lstsq(X, y)[0]


def sklearn(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    model = linear_model.LinearRegression().fit(X, y)
    return np.array([model.intercept_, *model.coef_])


@dataclass(frozen=True)
class Fit:
    """Something to measure, the data that it is given, and what is promised in comparison."""

    name: str
    run: Callable[[np.ndarray, np.ndarray], np.ndarray]
    make: Callable[[int], Data]
    slower: float = 0.0  # at least so many times slower than kernelfit
    as_much_memory: bool = False  # at least as much as kernelfit


GROUPS = {  # kernelfit comes first
    f"polynomial of degree {DEGREE}": [
        Fit("kernelfit PolynomialRegression", polynomial, curve),
        Fit("numpy.polyfit", polyfit, curve, slower=3.0, as_much_memory=True),
        Fit("numpy Polynomial.fit", polynomial_fit, curve),
    ],
    f"{COLUMNS} columns": [
        Fit("kernelfit LinearRegression", linear, table),
        Fit("numpy.linalg.lstsq", lstsq, table_with_ones, slower=1.0),
        Fit("sklearn LinearRegression", sklearn, table, slower=1.0),
    ],
}


def seconds_of(fits: list[Fit], points: int, rounds: int) -> dict[str, list[float]]:
    """The times of each fit, in turns; first all must find the same coefficients."""
    data = {make: make(points) for make in {fit.make for fit in fits}}
    found = [fit.run(*data[fit.make]) for fit in fits]
    for other in found[1:]:
        np.testing.assert_allclose(other, found[0], rtol=1e-8, atol=1e-8)
    seconds: dict[str, list[float]] = {fit.name: [] for fit in fits}
    for _ in range(rounds):
        for fit in fits:
            start = time.perf_counter()
            fit.run(*data[fit.make])
            seconds[fit.name].append(time.perf_counter() - start)
    return seconds


def megabytes_of(fit: Fit, points: int) -> float | None:
    """What a fit takes beyond its data, in a process of its own; None where that is not known."""
    if util.find_spec("resource") is None:
        return None
    command = [sys.executable, __file__, "--memory-of", fit.name, "--points", str(points)]
    return float(subprocess.check_output(command, text=True))


def print_megabytes(name: str, points: int) -> None:
    """What runs in that process."""
    (fit,) = (fit for fits in GROUPS.values() for fit in fits if fit.name == name)
    fit.run(*fit.make(1000))
    data = fit.make(points)
    before = highest_resident_size()
    fit.run(*data)
    print(highest_resident_size() - before)


def highest_resident_size() -> float:
    resource = import_module("resource")
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1e6 if sys.platform == "darwin" else size * 1024 / 1e6


def report(
    title: str,
    fits: list[Fit],
    seconds: dict[str, list[float]],
    megabytes: dict[str, float | None],
) -> bool:
    """Print the table of one group; whether the promise holds for all in it."""
    ours = fits[0].name
    head(title, "seconds", "MB", "times kernelfit's time")
    print(f"{title:<40} {'median':>7} {'min':>7} {'max':>7} {'MB':>5} {'ratio':>6}")
    kept = True
    for fit in fits:
        values, size = seconds[fit.name], megabytes[fit.name]
        ratios = [theirs / mine for theirs, mine in zip(values, seconds[ours], strict=True)]
        good = statistics.median(ratios) >= fit.slower
        if fit.as_much_memory and size is not None:
            good = good and size >= megabytes[ours]
        kept = kept and good
        line = (
            f"  {fit.name:<38} {statistics.median(values):>7.3f} {min(values):>7.3f}"
            f" {max(values):>7.3f} {'-' if size is None else f'{size:.0f}':>5}"
        )
        if fit.name != ours:
            line += f" {statistics.median(ratios):>6.2f}"
            line += f"  of {' '.join(f'{ratio:.2f}' for ratio in ratios)}"
        if fit.slower:
            line += f"  {'kept' if good else 'BROKEN'}"
        print(line, flush=True)
        times = f"{statistics.median(ratios):.2f}" if fit.name != ours else ""
        row(
            fit.name,
            f"{statistics.median(values):.3f}",
            "-" if size is None else f"{size:.0f}",
            times,
        )
    print()
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=1_000_000, help="of each fit (1000000)")
    parser.add_argument("--rounds", type=int, default=7, help="of each fit (7)")
    parser.add_argument("--memory-of", help=argparse.SUPPRESS)
    options, _ = parser.parse_known_args()  # `make bench` gives all benchmarks the same words
    if options.memory_of:
        print_megabytes(options.memory_of, options.points)
        return 0

    print_arithmetic("kernelfit", "numpy", "scipy", "scikit-learn")
    # Memory first: on Linux a new process begins with the highest size of the one that starts it.
    megabytes = {
        fit.name: megabytes_of(fit, options.points) for fits in GROUPS.values() for fit in fits
    }
    kept = [
        report(
            f"{options.points} points, {title}",
            fits,
            seconds_of(fits, options.points, options.rounds),
            megabytes,
        )
        for title, fits in GROUPS.items()
    ]
    said("polyfit 3 times slower with no less memory, lstsq and scikit-learn no faster", all(kept))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
