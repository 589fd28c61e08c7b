"""Kernel regression beside scikit-learn: fit, prediction, leave-one-out, and its own checks.

Times: the two take turns, round by round, because the machine may be shared; a ratio is the median
of the ratios in each round. Memory: each fit in a process of its own, the highest resident size
(ru_maxrss) after it less the one before it, in units of a Gram matrix, n x n numbers of 8 bytes;
for the prediction, what goes beyond the fit of the same model.

The promises:
- fit of 2000 and 5000 points of 3 coordinates at least 1.5 times faster than KernelRidge, with at
  most two n x n arrays;
- prediction of 100,000 points from 2000 not slower, in less than 100 MB;
- leave-one-out of 50 ridges at 200 points at least 1000 times faster than
  GridSearchCV(KernelRidge, cv=LeaveOneOut()), with the same errors.

At the end scikit-learn's check_estimator judges KernelRegression; every check that fails is there
with the reason why it stays so.

    python benchmarks/bench_kernel_regression.py [--rounds 7]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.kernel_ridge import KernelRidge
from sklearn.model_selection import GridSearchCV, LeaveOneOut
from sklearn.utils.estimator_checks import check_estimator

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from machine import print_arithmetic  # noqa: E402
from memory import MEASURING, arrays_of, print_bytes  # noqa: E402
from page import head, row, said  # noqa: E402

import kernelfit as kf  # noqa: E402

SIZES, COORDINATES, NEW_POINTS = (2000, 5000), 3, 100_000
WIDTH, RIDGE = 1.5, 0.1
FASTER, ARRAYS = 1.5, 2.0  # promised for the fit
MEGABYTES = 100  # promised for the prediction
LEAVE_ONE_OUT_FASTER, POINTS, RIDGES = 1000, 200, np.geomspace(1e-4, 1e2, 50)

MODELS: dict[str, Callable[[], object]] = {
    "kernelfit": lambda: kf.KernelRegression(kf.Gaussian(WIDTH), ridge=RIDGE),
    "scikit-learn": lambda: KernelRidge(alpha=RIDGE, kernel="rbf", gamma=1 / (2 * WIDTH**2)),
}


def data(n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, COORDINATES))
    return X, np.sin(X).sum(axis=1) + 0.1 * rng.normal(size=n)


def in_turns(work: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each, round by round."""
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, run in work.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def table(title: str, seconds: dict[str, list[float]], sizes: dict[str, str]) -> float:
    """Print medians and sizes; the median ratio of the second to the first."""
    print(f"{title:<34} {'median':>8} {'min':>8} {'max':>8}  memory")
    for name, times in seconds.items():
        values = (statistics.median(times), min(times), max(times))
        columns = " ".join(f"{value:>8.4f}" for value in values)
        print(f"  {name:<32} {columns}  {sizes.get(name, '-')}")
    ours, theirs = seconds.values()
    ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
    words = (
        f"{statistics.median(times):.3f} s" + (f", {sizes[name]}" if sizes[name] != "-" else "")
        for name, times in seconds.items()
    )
    row(title, *words, f"{statistics.median(ratios):.2f}")
    print(f"  ratio {statistics.median(ratios):.2f} of {min(ratios):.2f} to {max(ratios):.2f}")
    return statistics.median(ratios)


def fits(n: int, rounds: int, arrays: dict[str, float | None]) -> bool:
    X, y = data(n)
    ours, theirs = (make().fit(X, y) for make in MODELS.values())
    np.testing.assert_allclose(ours.dual_coef_, theirs.dual_coef_, rtol=0, atol=1e-9)
    seconds = in_turns({name: lambda m=m: m().fit(X, y) for name, m in MODELS.items()}, rounds)
    sizes = {k: "-" if v is None else f"{v:.2f} n x n arrays" for k, v in arrays.items()}
    title, own = f"fit, {n} points", arrays["kernelfit"]
    ratio = table(title, seconds, sizes)
    fast = said(f"{title}: at least {FASTER} times faster", ratio >= FASTER)
    small = own is None or own <= ARRAYS + MEASURING
    return said(f"{title}: at most {ARRAYS:.0f} arrays", small) and fast


def predictions(rounds: int, arrays: dict[str, float | None]) -> bool:
    n = SIZES[0]
    X, y = data(n)
    new = np.random.default_rng(1).normal(size=(NEW_POINTS, COORDINATES))
    models = {name: make().fit(X, y) for name, make in MODELS.items()}
    ours, theirs = (model.predict(new) for model in models.values())
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)
    seconds = in_turns(
        {name: lambda model=model: model.predict(new) for name, model in models.items()}, rounds
    )
    megabytes = {k: None if v is None else v * 8 * n**2 / 1e6 for k, v in arrays.items()}
    sizes = {k: "-" if v is None else f"{v:.0f} MB" for k, v in megabytes.items()}
    title, own = f"prediction, {NEW_POINTS} from {n} points", megabytes["kernelfit"]
    ratio = table(title, seconds, sizes)
    small = said(f"prediction: less than {MEGABYTES} MB", own is None or own < MEGABYTES)
    return said("prediction: not slower", ratio >= 1) and small


def leave_one_out(rounds: int) -> bool:
    rng = np.random.default_rng(2)
    X = rng.uniform(0, 10, size=(POINTS, 1))
    y = np.sin(X[:, 0]) + 0.2 * rng.normal(size=POINTS)
    kernel = kf.Gaussian(WIDTH)
    search = GridSearchCV(
        MODELS["scikit-learn"](),
        {"alpha": RIDGES},
        cv=LeaveOneOut(),
        scoring="neg_mean_squared_error",
        refit=False,
    )
    start = time.perf_counter()
    search.fit(X, y)
    theirs = time.perf_counter() - start
    choice = kf.leave_one_out(kernel, X, y, RIDGES)
    errors = -search.cv_results_["mean_test_score"]
    np.testing.assert_allclose(choice.mean_squared_error, errors, rtol=1e-8)
    ours = in_turns({"": lambda: kf.leave_one_out(kernel, X, y, RIDGES)}, 3 * rounds)[""]
    median = statistics.median(ours)
    title = f"leave-one-out, {len(RIDGES)} ridges, {POINTS} points"
    print(title)
    print(f"  kernelfit {median:.4f} s of {min(ours):.4f} to {max(ours):.4f}")
    print(f"  GridSearchCV, once, {theirs:.1f} s: ratio {theirs / median:.0f}, same errors to 1e-8")
    faster = f"at least {LEAVE_ONE_OUT_FASTER} times faster"
    row(title, f"{median:.4f} s", f"GridSearchCV, once, {theirs:.1f} s", f"{theirs / median:.0f}")
    return said(f"leave-one-out: {faster}", theirs / median >= LEAVE_ONE_OUT_FASTER)


def checks() -> bool:
    from sklearn_checks import EXPLAINED  # the tests hold them to it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = check_estimator(kf.KernelRegression(kf.Gaussian(1.0), ridge=0.1), on_fail=None)
    failed = {check["check_name"] for check in found if check["status"] == "failed"}
    passed = sum(check["status"] == "passed" for check in found)
    print(f"check_estimator: {passed} of {len(found)} pass, {len(failed)} fail")
    for name in sorted(failed):
        print(f"  {name}: {EXPLAINED.get(name, 'NOT EXPLAINED')}")
    row("check_estimator", f"{passed} of {len(found)} pass, {len(failed)} fail", "", "")
    return said("every failing check is explained", failed <= set(EXPLAINED))


def memory_of(name: str, n: int) -> None:
    """What runs in a process of its own: "kernelfit fit", "scikit-learn predict", ..."""
    model, work = name.split()
    X, y = data(n)
    if work == "fit":
        print_bytes(lambda: MODELS[model]().fit(X, y), lambda: MODELS[model]().fit(X[:10], y[:10]))
    else:
        fitted = MODELS[model]().fit(X, y)
        new = np.random.default_rng(1).normal(size=(NEW_POINTS, COORDINATES))
        print_bytes(lambda: fitted.predict(new), lambda: fitted.predict(new[:10]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=7, help="of each (7)")
    parser.add_argument("--memory-of", help=argparse.SUPPRESS)
    options, _ = parser.parse_known_args()  # `make bench` gives all benchmarks the same words
    if options.memory_of:
        memory_of(options.memory_of, options.points)
        return 0

    print_arithmetic("kernelfit", "numpy", "scipy", "scikit-learn")
    # Memory first: on Linux a new process begins with the highest size of the one that starts it.
    to_fit = {n: {m: arrays_of(__file__, f"{m} fit", n) for m in MODELS} for n in SIZES}
    to_predict = {m: arrays_of(__file__, f"{m} predict", SIZES[0]) for m in MODELS}
    head("", "kernelfit", "scikit-learn", "times")
    kept = [fits(n, options.rounds, to_fit[n]) for n in SIZES]
    kept.append(predictions(options.rounds, to_predict))
    kept.append(leave_one_out(options.rounds))
    kept.append(checks())
    print("\nThe promises are kept." if all(kept) else "\nA promise is BROKEN.")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
