"""The data sets that come with the course: figures as printed, with units, source and licence.

Each file in ``data/`` says everything about itself.  Lines that start with ``#`` at its head hold
``key: value``, one ``column: name | unit | meaning`` for each column in order; then follows
ordinary CSV.  The last column is y, the others are X, apart from two names with a meaning of their
own: ``count`` says how often a row occurs, ``set`` to which of several data sets it belongs.
"""

from __future__ import annotations

import csv
import difflib
from dataclasses import dataclass, field
from fractions import Fraction
from importlib import resources

import numpy as np

from ._checks import FloatArray, InputError, shown

_FILES = {
    "anscombe_1": "anscombe.csv",
    "anscombe_2": "anscombe.csv",
    "anscombe_3": "anscombe.csv",
    "anscombe_4": "anscombe.csv",
    "boston_marathon": "boston_marathon.csv",
    "cherry_trees": "cherry_trees.csv",
    "filip": "filip.csv",
    "forbes": "forbes.csv",
    "galton": "galton.csv",
    "longley": "longley.csv",
    "mauna_loa_co2": "mauna_loa_co2.csv",
    "mercury_vapour": "mercury_vapour.csv",
    "nile": "nile.csv",
    "norris": "norris.csv",
    "old_faithful": "old_faithful.csv",
    "pontius": "pontius.csv",
    "stopping_distance": "stopping_distance.csv",
    "wampler1": "wampler1.csv",
}


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """n points of p variables and the value at each, with what one must know to use them.

    ``X`` has shape (n, p), ``y`` shape (n,).  ``columns`` names the columns of X and then y,
    ``units`` gives their units in the same order.  ``note`` is a warning or an explanation, often
    empty.
    """

    name: str
    title: str
    X: FloatArray
    y: FloatArray
    columns: tuple[str, ...]
    units: tuple[str, ...]
    source: str
    licence: str
    note: str = ""
    _printed: tuple[tuple[str, ...], ...] = field(default=())

    @property
    def x(self) -> FloatArray:
        """The only column of X, shape (n,); InputError when there are several."""
        n, p = self.X.shape
        if p != 1:
            raise InputError(
                f"x is for data with one column, got {self.name} with {p}: "
                f"{', '.join(self.columns[:-1])}. Use X, of shape ({n}, {p})."
            )
        return self.X[:, 0]

    def fractions(self) -> list[tuple[Fraction, ...]]:
        """The rows (X's columns, then y) as exact rational numbers, read from the printed digits.

        0.1 is one tenth here, which no float is; use these wherever sympy or a proof is involved.
        """
        return [tuple(Fraction(text) for text in row) for row in self._printed]

    def __repr__(self) -> str:
        named = [f"{c} [{u}]" for c, u in zip(self.columns, self.units, strict=True)]
        lines = [
            f"{self.name}: {self.title}",
            f"{len(self.y)} points, {', '.join(named[:-1])} -> {named[-1]}",
            f"Source: {self.source}",
            f"Licence: {self.licence}",
        ]
        return "\n  ".join(lines + ([f"Note: {self.note}"] if self.note else []))


def dataset_names() -> tuple[str, ...]:
    """The names that ``load`` knows, in alphabetical order."""
    return tuple(sorted(_FILES))


def load(name: str) -> Dataset:
    """The data set of that name, see ``dataset_names()``.

    Nothing is fetched: the data are part of the package.  Every call returns fresh arrays.  Raises
    InputError for a name that does not exist.
    """
    if not isinstance(name, str) or name not in _FILES:
        typed = name if isinstance(name, str) else shown(name)
        near = difflib.get_close_matches(typed.lower(), _FILES, n=1)
        advice = f" Did you mean {near[0]!r}?" if near else ""
        raise InputError(
            f"name must be one of {', '.join(dataset_names())}, got {shown(name)}.{advice}"
        )
    facts, columns, rows = _read(_FILES[name])
    title = facts["title"]
    header = [column for column, _ in columns]
    if "set" in header:
        number = name.rpartition("_")[2]
        at = header.index("set")
        rows = [row for row in rows if row[at] == number]
        title += f", set {number}"
    if "count" in header:
        at = header.index("count")
        rows = [row for row in rows for _ in range(int(row[at]))]

    kept = [j for j, column in enumerate(header) if column not in ("set", "count")]
    printed = tuple(tuple(row[j] for j in kept) for row in rows)
    table = np.array(printed, dtype=np.float64)
    return Dataset(
        name=name,
        title=title,
        X=table[:, :-1].copy(),
        y=table[:, -1].copy(),
        columns=tuple(header[j] for j in kept),
        units=tuple(columns[j][1] for j in kept),
        source=facts["source"],
        licence=facts["licence"],
        note=facts.get("note", ""),
        _printed=printed,
    )


def _read(file: str) -> tuple[dict[str, str], list[tuple[str, str]], list[list[str]]]:
    """What a file says about itself, its columns as (name, unit), and its rows as printed."""
    text = resources.files(__package__).joinpath("data", file).read_text(encoding="utf-8")
    facts: dict[str, str] = {}
    columns: list[tuple[str, str]] = []
    lines = text.splitlines()
    for line in lines:
        if not line.startswith("# "):
            break
        key, _, value = line[2:].partition(": ")
        if key == "column":
            column, unit, _ = value.split(" | ")
            columns.append((column, unit))
        else:
            facts[key] = value
    _, *rows = csv.reader(line for line in lines if not line.startswith("#"))
    return facts, columns, rows
