"""What the step of refinement costs beside the fit that it refines, for tables of several sizes.

LinearRegression with the step and without it take turns; the cost is the median of the differences
in each round, and stands beside the median of the fit without the step. Where the table is larger
than REFINED_UP_TO entries the step is left out.

The promise: the step costs less than the fit.

    python benchmarks/bench_refinement.py [--rounds 1000]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from machine import print_arithmetic  # noqa: E402
from page import head, row, said  # noqa: E402

import kernelfit as kf  # noqa: E402
from kernelfit import least_squares  # noqa: E402

SIZES = [(16, 6), (36, 1), (100, 3), (200, 10), (300, 6), (500, 3), (1000, 3), (2000, 3)]


def microseconds(X: np.ndarray, y: np.ndarray, up_to: int) -> float:
    """One fit that refines tables of up to so many entries."""
    kept, least_squares.REFINED_UP_TO = least_squares.REFINED_UP_TO, up_to
    start = time.perf_counter()
    kf.LinearRegression().fit(X, y)
    passed = time.perf_counter() - start
    least_squares.REFINED_UP_TO = kept
    return 1e6 * passed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1000, help="of each size (1000)")
    options, _ = parser.parse_known_args()  # `make bench` gives all benchmarks the same words
    print_arithmetic("kernelfit", "numpy")
    print(f"{'points x columns':<18} {'fit [us]':>9} {'step [us]':>9} {'ratio':>6}")
    head("points x columns", "the step", "the fit", "step / fit")
    rng = np.random.default_rng(0)
    limit, broken = least_squares.REFINED_UP_TO, False
    for n, p in SIZES:
        X, y = rng.normal(size=(n, p)), rng.normal(size=n)
        fits, steps = [], []
        for _ in range(options.rounds + 1):  # the first round warms up
            fits.append(microseconds(X, y, 0))
            steps.append(microseconds(X, y, limit) - fits[-1])
        fit, step = statistics.median(fits[1:]), statistics.median(steps[1:])
        good = step < fit
        broken = broken or not good
        if n * (p + 1) <= limit:
            row(f"{n} x {p}", f"{step:.0f} us", f"{fit:.0f} us", f"{step / fit:.2f}")
        verdict = "left out" if n * (p + 1) > limit else "kept" if good else "BROKEN"
        print(
            f"{f'{n} x {p}':<18} {fit:>9.0f} {step:>9.0f} {step / fit:>6.2f}  {verdict}", flush=True
        )
    said("the step costs less than the fit", not broken)
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
