"""Lesson 15: what one takes along, the picture as files and the fits as a program."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from kernelfit import InputError
from kernelfit.views.lesson15_bench import Bench, axis_label, limits_of
from kernelfit.views.lesson15_fits import EXACT, landmarks_for

SHARPNESS = 200  # dots per inch


def save_picture(figure: Figure, path: str | Path, named: str) -> tuple[Path, Path]:
    """Write the figure as PNG and SVG under a name that no file has yet.

    ``named`` is what the files are called where ``path`` is empty.  Raises InputError where the
    folder cannot be written to.
    """
    clean = re.sub(r"[^\w-]+", "_", named).strip("_")[:60] or "picture"
    wished = Path(path).expanduser().with_suffix("") if str(path) else Path(clean)
    stem, number = wished, 2
    while any(stem.with_name(f"{stem.name}{end}").exists() for end in (".png", ".svg")):
        stem, number = wished.with_name(f"{wished.name}-{number}"), number + 1
    png, svg = (stem.with_name(f"{stem.name}{end}") for end in (".png", ".svg"))
    try:
        figure.savefig(png, dpi=SHARPNESS)
        figure.savefig(svg, metadata={"Date": None})
    except OSError as problem:
        raise InputError(
            f"the folder of the notebook must be one that can be written to, got: "
            f"{problem.strerror or problem}. Choose another: bench.save('folder/name')."
        ) from None
    return png, svg


def code_for(bench: Bench, how: dict[str, Any] | None) -> str:
    """A program of its own that reads the table, fits the three curves and draws them.

    ``how`` says where a file of the learner's is and how to read it; None for a set of the course.
    """
    if bench.pair is None or bench.problem:
        return "# There are no curves to reproduce."
    parts = [_reading(bench, how), _fits(bench), _errors(bench), _picture(bench)]
    return "\n\n".join(parts) + "\n"


def _reading(bench: Bench, how: dict[str, Any] | None) -> str:
    imports = [
        "import matplotlib.pyplot as plt",
        "import numpy as np",
        "",
        "import kernelfit as kf",
    ]
    if how is None:
        table = f"table_of(kf.load({bench.key!r}))"
        imports.append("from kernelfit.table import table_of")
    else:
        said = {**bench.table.how, **how}
        source = said.pop("source")
        words = "".join(f", {name}={value!r}" for name, value in said.items() if value is not None)
        table = f"read_table({source!r}{words})"
        imports.append("from kernelfit.table import read_table")
    columns = ", ".join(_column(bench, j) for j in bench.where)
    lines = [*imports, "", f"table = {table}", f"pair = table.pair({columns})", "x, y = pair"]
    if bench.pair is not None and bench.pair.sentence:
        lines.append("print(pair.sentence)")
    return "\n".join(lines)


def _column(bench: Bench, number: int) -> str:
    """The name of a column where it is the only one of that name, else its number."""
    names = [column.name for column in bench.table.columns]
    name = names[number]
    return repr(name) if names.count(name) == 1 else str(number)


def _fits(bench: Bench) -> str:
    _, polynomial, kernel = bench.models
    assert bench.pair is not None
    lines = [
        "line = kf.PolynomialRegression(1).fit(x, y)",
        f"polynomial = kf.PolynomialRegression({polynomial.degree}).fit(x, y)",
    ]
    if len(bench.pair.x) <= EXACT:
        lines += [
            f"bell = kf.Gaussian({kernel.width!r})",
            f"kernel = kf.KernelRegression(bell, ridge={kernel.ridge!r}, fit_intercept=True)",
            "kernel.fit(x, y)",
            'fits = {"line": line.predict, "polynomial": polynomial.predict, '
            '"kernel": kernel.predict}',
        ]
    else:
        count = len(landmarks_for(bench.pair.x, kernel.width))
        lines += [
            f"landmarks = np.linspace(x.min(), x.max(), {count})",
            f"features = kf.Nystrom(kf.Gaussian({kernel.width!r}), landmarks).features",
            "summary = kf.summarize([(x, y)], features=features)",
            f"kernel = summary.solve(ridge={kernel.ridge!r})",
            "",
            "",
            "def by_kernel(X):",
            "    return kernel.predict(features(X))",
            "",
            "",
            'fits = {"line": line.predict, "polynomial": polynomial.predict, "kernel": by_kernel}',
        ]
    return "\n".join(lines)


def _errors(bench: Bench) -> str:
    assert bench.pair is not None
    degree = bench.models[1].degree
    lines = [
        "# What each point is missed by when it is left out: the root of the mean of the squares.",
        f"by_degree = kf.choose_degree(x, y, [1, {degree}]).mean_squared_error",
    ]
    if len(bench.pair.x) <= EXACT:
        lines.append("missed = kernel.leave_one_out_residuals_")
    else:
        lines += [
            "R = summary.triangle[:-1, :-1]",
            f"A = np.vstack([R, np.sqrt({bench.models[2].ridge!r}) * np.eye(len(R))])",
            "A = np.linalg.qr(A, mode=\"r\")  # A'A = R'R + ridge I",
            "missed = []",
            "for part in np.array_split(np.arange(len(x)), 1 + len(x) // 8192):",
            "    phi = features(x[part])",
            "    z = np.linalg.solve(A.T, (phi - summary.means[:-1]).T)",
            "    h = 1 / len(x) + np.sum(z**2, axis=0)",
            "    missed.append((y[part] - kernel.predict(phi)) / (1 - h))",
            "missed = np.concatenate(missed)",
        ]
    lines += [
        "errors = dict(zip(fits, np.sqrt([*by_degree, np.mean(missed**2)])))",
        "for name, error in errors.items():",
        '    print(f"{name:10} misses a point that is left out by {error:.4g}")',
    ]
    if bench.at is not None:
        lines.append(
            f"at = {bench.at!r}\n"
            'print(f"at {at:g}:", *(f"{name} {f([at])[0]:.4g}" for name, f in fits.items()))'
        )
    return "\n".join(lines)


def _picture(bench: Bench) -> str:
    assert bench.pair is not None
    left, right, bottom, top = limits_of(bench.pair, bench.at, misses=False)
    some = "" if len(bench.pair.x) <= EXACT else f"[:: {len(bench.pair.x) // EXACT}]"
    (x, of_x), (y, of_y) = (axis_label(bench, axis) for axis in (0, 1))
    fonts = [*of_x, *of_y[1:]]
    special = [f'plt.rcParams["font.family"] = {fonts!r}'] if len(fonts) > 1 else []
    return "\n".join(
        [
            *special,
            'figure, axes = plt.subplots(1, 3, figsize=(9, 4), sharey=True, layout="constrained")',
            f"grid = np.linspace({left!r}, {right!r}, 401)",
            "inside = (grid >= x.min()) & (grid <= x.max())",
            "for axis, (name, f) in zip(axes, fits.items()):",
            f'    axis.plot(x{some}, y{some}, "o", color="0.55", markersize=4)',
            '    axis.plot(grid, np.where(inside, f(grid), np.nan), color="#0072B2")',
            '    axis.plot(grid, np.where(inside, np.nan, f(grid)), "--", color="#D55E00")',
            '    axis.set_title(f"{name}\\nleft-out error {errors[name]:.4g}")',
            f"    axis.set_xlabel({x!r}, parse_math=False)",
            f"axes[0].set_ylabel({y!r}, parse_math=False)",
            f"axes[0].set_ylim({bottom!r}, {top!r})",
            "plt.show()",
        ]
    )
