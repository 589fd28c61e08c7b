"""How long the Gaussian's Gram matrix takes, and how much memory, beside scikit-learn's.

Times: the two take turns, round by round, because the machine may be shared; the ratio is the
median of the ratios in each round. Memory: each matrix in a process of its own, the highest
resident size (ru_maxrss) after it less the one before it, when the points were there and a small
matrix had loaded the libraries; in units of the result, n x n numbers of 8 bytes.

scikit-learn multiplies the points as matrices, |x|^2 - 2 <x, z> + |z|^2, which loses the digits of
points far from zero; kernelfit takes the differences first. The last lines show what that costs.

The promise: for 2000 points of 3 coordinates at least 1.5 times faster than
sklearn.metrics.pairwise.rbf_kernel, with at most two n x n arrays.

    python benchmarks/bench_gram.py [--rounds 15]
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.metrics.pairwise import rbf_kernel

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from machine import print_arithmetic  # noqa: E402
from memory import MEASURING, arrays_of, print_bytes  # noqa: E402
from page import head, row, said  # noqa: E402

import kernelfit as kf  # noqa: E402

SIZES = (2000, 5000)
COORDINATES, WIDTH = 3, 1.5
FASTER, ARRAYS = 1.5, 2.0  # promised for the first size; the room in memory for all


def by_kernelfit(X: np.ndarray) -> np.ndarray:
    return kf.Gaussian(WIDTH).gram(X)


def by_sklearn(X: np.ndarray) -> np.ndarray:
    return rbf_kernel(X, gamma=1 / (2 * WIDTH**2))


MATRICES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "kernelfit Gaussian.gram": by_kernelfit,
    "sklearn rbf_kernel": by_sklearn,
}
OURS, THEIRS = MATRICES


def points(n: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(n, COORDINATES))


def seconds_of(n: int, rounds: int) -> dict[str, list[float]]:
    """The times of each, in turns; first both must find the same matrix."""
    X = points(n)
    np.testing.assert_allclose(by_kernelfit(X), by_sklearn(X), rtol=0, atol=1e-13)
    seconds: dict[str, list[float]] = {name: [] for name in MATRICES}
    for _ in range(rounds):
        for name, matrix in MATRICES.items():
            start = time.perf_counter()
            matrix(X)
            seconds[name].append(time.perf_counter() - start)
    return seconds


def report(n: int, seconds: dict[str, list[float]], arrays: dict[str, float | None]) -> bool:
    """Print the table of one size; whether the promise holds for it."""
    print(f"{f'{n} points':<27} {'median':>7} {'min':>7} {'max':>7} {'arrays':>6} {'ratio':>6}")
    for name, values in seconds.items():
        size = "-" if arrays[name] is None else f"{arrays[name]:.2f}"
        times = (statistics.median(values), min(values), max(values))
        line = f"  {name:<25} " + " ".join(f"{value:>7.4f}" for value in times) + f" {size:>6}"
        if name == THEIRS:
            ratios = [b / a for a, b in zip(seconds[OURS], values, strict=True)]
            line += f" {statistics.median(ratios):>6.2f}"
            line += f"  of {min(ratios):.2f} to {max(ratios):.2f}"
        print(line)
    fast = statistics.median(ratios) >= FASTER or n != SIZES[0]
    small = arrays[OURS] is None or arrays[OURS] <= ARRAYS + MEASURING
    if n == SIZES[0]:
        said(f"{n} points: at least {FASTER} times faster", fast)
    said(f"{n} points: at most {ARRAYS:.0f} n x n arrays", small)
    print()
    words = (
        f"{1000 * statistics.median(values):.1f} ms"
        + ("" if arrays[name] is None else f", {arrays[name]:.2f} n x n arrays")
        for name, values in seconds.items()
    )
    row(f"{n} points of {COORDINATES} coordinates", *words, f"{statistics.median(ratios):.2f}")
    return fast and small


def print_digits() -> None:
    """The error at two points about one apart, near zero and far from it."""
    print("error of the value at points 1 apart, of which the first is at")
    for start in (1 / 3, 1e4 + 1 / 3, 1e6 + 1 / 3, 1e8 + 1 / 3):
        X = np.array([[start], [start + 1]])
        right = math.exp(-((X[1, 0] - X[0, 0]) ** 2) / (2 * WIDTH**2))
        errors = {name: f"{abs(matrix(X)[0, 1] - right):.1e}" for name, matrix in MATRICES.items()}
        print(f"  {start:<7.0e} {', '.join(f'{name} {error}' for name, error in errors.items())}")
        where = f"error of the value of two points 1 apart, near {start:.0e}"
        row(where, *errors.values(), "")
    print()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=15, help="of each size (15)")
    parser.add_argument("--memory-of", help=argparse.SUPPRESS)
    options, _ = parser.parse_known_args()  # `make bench` gives all benchmarks the same words
    if options.memory_of:
        matrix, X = MATRICES[options.memory_of], points(options.points)
        print_bytes(lambda: matrix(X), lambda: matrix(X[:10]))
        return 0

    print_arithmetic("kernelfit", "numpy", "scipy", "scikit-learn")
    # Memory first: on Linux a new process begins with the highest size of the one that starts it.
    arrays = {n: {name: arrays_of(__file__, name, n) for name in MATRICES} for n in SIZES}
    head("", *MATRICES, "times")
    kept = [report(n, seconds_of(n, options.rounds), arrays[n]) for n in SIZES]
    print_digits()
    print("The promise is kept." if all(kept) else "The promise is BROKEN.")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
