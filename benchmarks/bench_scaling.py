"""Many rows: summaries in constant memory, on a cluster, a killed worker, Nyström's features.

Rows are made block by block from a stated formula while they are read, and the time of making them
is taken off. Memory is the highest resident size of a process of its own less that of a Python that
does nothing, libraries included.

The promises:
- 10,000,000 rows of 10 columns are summarised in less than 300 MB, no more than 1,000,000 take, and
  in a time that is linear in the rows;
- two worker processes of a real distributed.LocalCluster find the same to 1e-12;
- a worker that is killed while it holds finished blocks that are not merged yet loses nothing: the
  result equals the serial one to 1e-12;
- kernel regression by Nyström's features on 1,000,000 points is not slower than scikit-learn's
  Nystroem and Ridge, and misses no more.

Peers: the sums of products X'X of textbooks, block by block in numpy (fast, and half the digits are
lost, as the last column of the table shows), scikit-learn's LinearRegression with all rows in
memory at once, Nystroem and Ridge.

    python benchmarks/bench_scaling.py [--rounds 7]
"""

from __future__ import annotations

import argparse
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from memory import above_the_interpreter  # noqa: E402
from page import head, row, said  # noqa: E402

import kernelfit as kf  # noqa: E402

SIZES, COLUMNS, BLOCK = (1_000_000, 10_000_000), 10, 100_000
MEGABYTES, SAME = 300, 1e-12
POINTS, LANDMARKS, WIDTH, RIDGE, NOISE = 1_000_000, 100, 1.5, 1e-3, 0.1
FAR = 1e4  # how far the columns lie from 0, where they spread by 1: years do, and temperatures in K

Block = tuple[np.ndarray, np.ndarray]


def block(number: int) -> Block:
    """y = 1 x_1 + 2 x_2 + ... + 10 x_10 and an error of size 1."""
    rng = np.random.default_rng(number)
    X = rng.standard_normal((BLOCK, COLUMNS)) + FAR
    return X, X @ np.arange(1.0, COLUMNS + 1) + rng.standard_normal(BLOCK)


def blocks(n: int) -> Iterator[Block]:
    return map(block, range(n // BLOCK))


def by_triangles(n: int) -> np.ndarray:
    return kf.summarize(blocks(n)).solve().coefficients


def by_sums(n: int) -> np.ndarray:
    """The normal equations of the rows (1, x), summed over the blocks."""
    products, right = np.zeros((COLUMNS + 1, COLUMNS + 1)), np.zeros(COLUMNS + 1)
    for X, y in blocks(n):
        rows = np.column_stack([np.ones(len(X)), X])
        products += rows.T @ rows
        right += rows.T @ y
    return np.linalg.solve(products, right)[1:]


def all_at_once(n: int) -> np.ndarray:
    from sklearn.linear_model import LinearRegression

    X, y = np.empty((n, COLUMNS)), np.empty(n)
    for number in range(n // BLOCK):
        rows = slice(number * BLOCK, (number + 1) * BLOCK)
        X[rows], y[rows] = block(number)
    return LinearRegression().fit(X, y).coef_


WORK: dict[str, Callable[[int], np.ndarray]] = {
    "kernelfit summarize": by_triangles,
    "numpy sums of products": by_sums,
    "scikit-learn, all at once": all_at_once,
}


def measured(name: str, n: int) -> None:
    """What runs in a process of its own: print seconds, bytes and the coefficients."""
    start = time.perf_counter()
    for _ in blocks(n):
        pass
    making = time.perf_counter() - start
    start = time.perf_counter()
    found = WORK[name](n)
    seconds = time.perf_counter() - start - making
    print(seconds, above_the_interpreter(), *found.tolist())


def rows_in_constant_memory() -> bool:
    print(f"{COLUMNS} columns, {FAR:.0f} from 0")
    print(f"{'':<28} {'rows':>10} {'seconds':>8} {'memory':>8}  largest difference")
    times, sizes, words = {}, {}, {}
    for n in SIZES:
        reference = None
        for name in WORK:
            command = [sys.executable, __file__, "--measured", name, "--points", str(n)]
            words = subprocess.check_output(command, text=True, stderr=subprocess.DEVNULL).split()
            seconds, memory, *found = map(float, words)
            reference = found if reference is None else reference
            apart = max(abs(a - b) for a, b in zip(found, reference, strict=True))
            print(f"  {name:<26} {n:>10} {seconds:>8.2f} {memory / 1e6:>5.0f} MB  {apart:.0e}")
            times[name, n], sizes[name, n] = seconds, memory
            words[name, n] = f"{seconds:.1f} s, {memory / 1e6:.0f} MB, {apart:.0e} apart"
    name = next(iter(WORK))
    first, last = SIZES
    ratio = times[name, last] / times[name, first]
    print(f"  {name}: {last // first} times the rows take {ratio:.1f} times the time")
    small = said(f"less than {MEGABYTES} MB", sizes[name, last] < MEGABYTES * 1e6)
    same = said("constant memory", sizes[name, last] < sizes[name, first] + 20e6)
    head(f"rows of {COLUMNS} columns, {FAR:.0f} from 0", *WORK)
    for n in SIZES:
        row(f"{n}", *(words[one, n] for one in WORK))
    row(f"{last // first} times the rows", f"{ratio:.1f} times the time", *[""] * (len(WORK) - 1))
    return said("linear time", ratio < 1.3 * last / first) and small and same


def on_a_cluster() -> bool:
    import dask.bag
    from distributed import Client, LocalCluster

    n = SIZES[1]
    start = time.perf_counter()
    serial = kf.summarize(blocks(n)).solve()
    alone = time.perf_counter() - start
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(**options) as cluster, Client(cluster):
        numbers = dask.bag.from_sequence(range(n // BLOCK), npartitions=n // BLOCK)
        start = time.perf_counter()
        together = kf.summarize_dask(numbers.map(block)).solve()
        two = time.perf_counter() - start
    apart = difference(together, serial)
    print(f"{n} rows, made where they are summarised")
    print(f"  this process {alone:.1f} s, two worker processes {two:.1f} s; {apart:.1e} apart")
    row("two worker processes", f"{two:.1f} s, {apart:.0e} apart", f"this process {alone:.1f} s")
    return said(f"a cluster finds the same to {SAME}", apart < SAME)


def after_a_kill() -> bool:
    from killed_worker import killed_worker

    lost, result, serial = killed_worker()
    apart = difference(result.solve(), serial.solve())
    print(f"a worker killed while it held {len(lost)} finished blocks: {apart:.1e} apart")
    row(f"a worker killed with {len(lost)} finished blocks", f"{apart:.0e} apart", "serial")
    return said(f"nothing is lost, the same to {SAME}", len(lost) > 0 and apart < SAME)


def difference(a: kf.LinearFunction, b: kf.LinearFunction) -> float:
    """The largest of the coefficients' differences, relative to the largest coefficient."""
    apart = np.abs(a.coefficients - b.coefficients).max()
    return float(apart / np.abs(b.coefficients).max())


def surface(X: np.ndarray) -> np.ndarray:
    return np.sin(X[:, 0]) * np.cos(X[:, 1])


def by_nystrom(rounds: int) -> bool:
    from sklearn.kernel_approximation import Nystroem
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline

    rng = np.random.default_rng(0)
    X, new = (rng.uniform(0, 10, (n, 2)) for n in (POINTS, 100_000))
    y = surface(X) + NOISE * rng.standard_normal(POINTS)

    def ours(seed: int) -> np.ndarray:
        chosen = np.random.RandomState(seed).permutation(POINTS)[:LANDMARKS]  # as Nystroem does
        nystrom = kf.Nystrom(kf.Gaussian(WIDTH), X[chosen])
        fit = kf.summarize([(X, y)], features=nystrom.features)
        found = fit.solve(ridge=RIDGE, fit_intercept=False)
        return found.predict(nystrom.features(new))

    def theirs(seed: int) -> np.ndarray:
        features = Nystroem(gamma=1 / (2 * WIDTH**2), n_components=LANDMARKS, random_state=seed)
        return (
            make_pipeline(features, Ridge(alpha=RIDGE, fit_intercept=False)).fit(X, y).predict(new)
        )

    print(f"kernel regression by {LANDMARKS} landmarks, {POINTS} points, prediction at {len(new)}")
    seconds: dict[str, list[float]] = {"kernelfit": [], "scikit-learn": []}
    missed: dict[str, list[float]] = {"kernelfit": [], "scikit-learn": []}
    for seed in range(rounds):
        for name, work in ("kernelfit", ours), ("scikit-learn", theirs):
            start = time.perf_counter()
            predicted = work(seed)
            seconds[name].append(time.perf_counter() - start)
            missed[name].append(math.sqrt(np.mean((predicted - surface(new)) ** 2)))
    words = {}
    for name in seconds:
        times, errors = seconds[name], missed[name]
        middle = statistics.median(errors)
        words[name] = f"{statistics.median(times):.2f} s, misses by {middle:.4f}"
        print(
            f"  {name:<14} median {statistics.median(times):.2f} s of {min(times):.2f} to "
            f"{max(times):.2f}, misses the surface by {middle:.4f}"
        )
    pairs = zip(*seconds.values(), strict=True)
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"  ratio {ratio:.2f}")
    ours_missed, theirs_missed = map(statistics.median, missed.values())
    no_worse = said("Nyström: misses no more", ours_missed <= 1.001 * theirs_missed)
    head("", "kernelfit", "beside it")
    peer = f"Nystroem and Ridge {words['scikit-learn']}: {ratio:.2f} times"
    row(f"{LANDMARKS} landmarks, {POINTS} points", words["kernelfit"], peer)
    return said("Nyström: not slower", ratio >= 1) and no_worse


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=7, help="of Nyström's features (7)")
    parser.add_argument("--measured", help=argparse.SUPPRESS)
    options, _ = parser.parse_known_args()  # `make bench` gives all benchmarks the same words
    if options.measured:
        measured(options.measured, options.points)
        return 0

    from machine import print_arithmetic

    print_arithmetic("kernelfit", "numpy", "scipy", "scikit-learn", "dask", "distributed")
    kept = [rows_in_constant_memory(), by_nystrom(options.rounds), on_a_cluster(), after_a_kill()]
    print("\nThe promises are kept." if all(kept) else "\nA promise is BROKEN.")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
