"""Tables as they come: a CSV file of any making, read so that nothing is lost without a word.

``read_table`` finds out how the file is written and says so; a cell that holds no number stays on
record with its line.  No text of a file is ever evaluated.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ._checks import FloatArray, InputError, shown, true_or_false
from ._table_columns import Column, Filling, doubts, quoted
from ._table_layout import SEPARATORS, Layout, blocks_of, count, layout_of
from ._table_text import GUESSED, NAMED, Decoded, decode
from .datasets import Dataset

__all__ = ["Column", "Pair", "Table", "read_table", "table_of"]

LARGEST = 100_000_000  # bytes of a file
BLOCK = 8192  # rows at a time
QUOTED = 4  # lines that a sentence names


@dataclass(frozen=True, eq=False)
class Pair:
    """Two columns, row by row, where both hold a number; and the rows that were left out."""

    x: FloatArray
    y: FloatArray
    rows: int  # in the table
    left_out: tuple[int, ...]  # lines of the file
    sentence: str  # which and why; empty when all rows are there

    def __iter__(self) -> Any:
        return iter((self.x, self.y))


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """The columns of a file, and how it was read.

    ``lines`` has shape (n,): the line of the file in which each row begins, counted from 1.
    ``how`` holds what ``read_table`` found out, under the names of its arguments.
    """

    name: str
    columns: tuple[Column, ...]
    lines: npt.NDArray[np.int64]
    notes: tuple[str, ...]
    too_long: dict[int, str] = field(default_factory=dict)  # rows with more cells than columns
    how: dict[str, str] = field(default_factory=dict)

    @property
    def usable(self) -> tuple[int, ...]:
        """The numbers of the columns that a curve can be fitted to, counted from 0."""
        return tuple(j for j, column in enumerate(self.columns) if not column.why_not)

    def column(self, which: int | str) -> Column:
        """A column by its number, counted from 0, or its name; InputError when there is none."""
        names = [column.name for column in self.columns]
        if isinstance(which, str):
            places = [j for j, name in enumerate(names) if name == which]
            if len(places) > 1:
                raise InputError(
                    f"column must be named without doubt, got {shown(which)} for columns "
                    f"{', '.join(map(str, places))}. Give its number."
                )
            which = places[0] if places else -1
        if not (isinstance(which, int) and 0 <= which < len(names)):
            raise InputError(
                f"column must be one of {', '.join(names)}, or its number from 0 to "
                f"{len(names) - 1}, got {shown(which)}."
            )
        return self.columns[which]

    def pair(self, x: int | str, y: int | str) -> Pair:
        """Columns x and y without the rows that lack a number in one of them.

        Raises InputError when a column is of no use or no row is left.
        """
        chosen = [self.column(x), self.column(y)]
        for column in chosen:
            if column.why_not:
                raise InputError(f"{column.name} must be a column of numbers, got {column.why_not}")
        there = np.isfinite(chosen[0].values) & np.isfinite(chosen[1].values)
        out = np.flatnonzero(~there)
        if not there.any():
            raise InputError(
                f"{chosen[0].name} and {chosen[1].name} must have numbers in the same rows, got "
                f"none in {len(there)}. Choose other columns."
            )
        return Pair(
            x=chosen[0].values[there],
            y=chosen[1].values[there],
            rows=len(there),
            left_out=tuple(int(line) for line in self.lines[out]),
            sentence=self._left_out(out, chosen),
        )

    def _left_out(self, out: npt.NDArray[np.intp], chosen: list[Column]) -> str:
        if not len(out):
            return ""
        told = []
        for row in out[:QUOTED]:
            missing = [c for c in chosen if not np.isfinite(c.values[row])]
            text = missing[0].texts.get(int(row), "")
            shown = f"{quoted(text) if text else 'nothing'} in {missing[0].name}"
            told.append(f"line {self.lines[row]} ({self.too_long.get(int(row), shown)})")
        more = f" and {len(out) - QUOTED:,} more" if len(out) > QUOTED else ""
        return (
            f"{len(out):,} of {count(len(self.lines), 'row')} left out, for want of a number: "
            f"{', '.join(told)}{more}."
        )

    def __repr__(self) -> str:
        size = f"{count(len(self.lines), 'row')}, {count(len(self.columns), 'column')}"
        lines = [f"{self.name}: {size}", *self.notes]
        for j, column in enumerate(self.columns):
            lines.append(f"{j}: {column.label}" + (f" – {column.why_not}" * bool(column.why_not)))
        return "\n  ".join(lines)


def table_of(data: Dataset) -> Table:
    """A data set that comes with the course, as a table."""
    columns = [*data.X.T, data.y]
    return Table(
        name=data.name,
        columns=tuple(
            Column(name, "" if unit in ("unit not stated", "no unit") else unit, values.copy(), {})
            for name, unit, values in zip(data.columns, data.units, columns, strict=True)
        ),
        lines=np.arange(1, len(data.y) + 1),
        notes=(f"{data.title}.", f"Source: {data.source}"),
    )


def read_table(
    source: str | os.PathLike[str] | bytes,
    *,
    name: str = "",
    encoding: str | None = None,
    separator: str | None = None,
    decimal: str | None = None,
    header: bool | None = None,
    missing: Sequence[str] = (),
) -> Table:
    """Read a table from a file or from the bytes of one.

    What is not given is looked for: the encoding, what separates the cells (comma, semicolon, tab,
    bar or spaces), the decimal mark, and whether the first row holds the names.  Cells such as
    ``12 kg``, ``1,234.5`` and ``１２`` are numbers; a date with the year first becomes a year with
    decimals.

    Parameters
    ----------
    source : a path, or the content of a file.
    name : what messages call the table; the file's name when it is a path.
    missing : what stands for a missing number beside the usual marks, say ``["-999"]``.

    Raises InputError, with what to do, for what is no table or could be read in two ways.
    """
    raw, name = _bytes(source, name)
    found = decode(raw, name, encoding)
    if decimal not in (None, ".", ","):
        raise InputError(
            f"decimal must be '.' or ',', got {shown(decimal)}. Leave it out, and it is looked for."
        )
    if separator is not None and not _separates(separator):
        raise InputError(
            f"separator must be one character that numbers and names have not, got "
            f"{shown(separator)}. A tab is '\\t'."
        )
    if header is not None:
        header = true_or_false(header, "header")
    text = found.text.removeprefix("\ufeff")
    layout = layout_of(text, name, separator, decimal, header)
    marks = _marks(missing)
    columns, lines, too_long, blank = _filled(text, layout, name, marks)
    if not len(lines):
        raise InputError(
            f"{name} must hold at least one row of numbers, got the names "
            f"{', '.join(layout.names)} and nothing below them."
        )
    if len(too_long) > max(2, len(lines) / 4):
        row = next(iter(too_long))
        raise InputError(
            f"{name} must have as many cells in a row as there are columns, got {too_long[row]}, "
            f"in line {lines[row]}, and {len(too_long) - 1:,} more such rows. If what separates "
            f"the cells stands inside of numbers too, as a decimal comma does, save with another."
        )
    filled = tuple(column.done(lines) for column in columns)
    if all(column.why_not for column in filled):
        reasons = "; ".join(f"{one.name}: {one.why_not.rstrip('.')}" for one in filled[:6])
        raise InputError(f"{name} must have a column of numbers, got none ({reasons}).")
    notes = [_read_as(found, layout), *layout.notes, *doubts(filled)]
    if blank:
        notes.append(f"{count(blank, 'empty line')}.")
    how = {
        "encoding": found.encoding,
        "separator": layout.separator,
        "decimal": layout.decimal,
    }
    return Table(name, filled, lines, tuple(notes), too_long, how)


def _separates(separator: Any) -> bool:
    if not isinstance(separator, str) or len(separator) != 1:
        return False
    return not separator.isalnum() and separator not in '.+-"\r\n\0'


def _marks(missing: Any) -> frozenset[str]:
    """What stands for a missing number, as cells are compared with it."""
    listed = [missing] if isinstance(missing, str) else missing
    if not isinstance(listed, Iterable):
        raise InputError(
            f"missing must be a list of marks, got {shown(missing)}. Write missing=['-999']."
        )
    return frozenset(str(mark).strip().casefold() for mark in listed)


def _read_as(found: Decoded, layout: Layout) -> str:
    """What was found out about the file."""
    encoding = NAMED.get(found.encoding, found.encoding)
    between = SEPARATORS.get(layout.separator, repr(layout.separator))
    mark = "comma" if layout.decimal == "," else "point"
    said = f"Read as {encoding} with {between} between the cells, decimal {mark}."
    return f"{said} {GUESSED}" if found.guessed else said


def _bytes(source: Any, name: str) -> tuple[bytes, str]:
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source), name or "the table"
    if not isinstance(source, (str, os.PathLike)):
        kind = type(source).__name__
        advice = ".to_csv('my_table.csv') writes one." if hasattr(source, "to_csv") else ""
        raise InputError(f"source must be the path of a file, got {kind}. {advice}".rstrip())
    typed = str(source).strip().strip("\"'")
    if re.match(r"[a-z]+://", typed, re.IGNORECASE):
        raise InputError(
            f"source must be a file on this computer, got the address {typed}. Nothing is fetched "
            f"from the net here: download the file, then give its path."
        )
    try:
        path = Path(typed).expanduser()
        if path.is_dir():
            raise InputError(f"source must be a file, got the folder {typed}. {_near(path, '')}")
        if path.exists() and not path.is_file():  # it may have no end
            raise InputError(f"source must be a file, got the device {typed}. Save it as a file.")
        name = name or path.name
        size = path.stat().st_size
        raw = path.read_bytes() if size <= LARGEST else b""
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            f"source must be a file that is there, got {typed!r}. {_near(path.parent, path.name)}"
        ) from None
    except InputError:
        raise
    except (OSError, RuntimeError, ValueError) as problem:  # RuntimeError: the ~ of nobody
        said = str(getattr(problem, "strerror", None) or problem).rstrip(".")
        raise InputError(
            f"{shown(typed)} must be a file that can be read, got: {said}. Copy it beside the "
            f"notebook."
        ) from None
    if size > LARGEST:
        raise InputError(
            f"{name} must have at most {LARGEST // 10**6} MB, got {size // 10**6}. Save the two "
            f"columns that you need, or every tenth row."
        )
    return raw, name


def _near(folder: Path, name: str) -> str:
    """Which files the reader may have meant."""
    try:
        there = sorted(one.name for one in folder.iterdir() if one.suffix.lower() in _ENDINGS)
    except OSError:
        return "There is no such folder either: a path begins at the folder of the notebook."
    near = difflib.get_close_matches(name, there, n=3, cutoff=0.5) or there[:3]
    where = "Beside the notebook" if folder == Path() else f"In {folder}"
    if not near:
        return f"{where} there is no table (a file that ends in .csv, .tsv or .txt)."
    return f"{where} there is {', '.join(near)}."


_ENDINGS = {".csv", ".tsv", ".txt", ".dat"}


def _filled(
    text: str, layout: Layout, name: str, missing: frozenset[str]
) -> tuple[list[Filling], npt.NDArray[np.int64], dict[int, str], int]:
    """Columns, the lines of the rows, the rows with too many cells, and how many were blank."""
    width = len(layout.names)
    named = [one or f"column {j}" for j, one in enumerate(layout.names)]
    columns = [
        Filling(one, unit, layout.decimal, missing)
        for one, unit in zip(named, layout.units, strict=True)
    ]
    lines: list[int] = []
    too_long: dict[int, str] = {}
    plain = "_" not in text  # 1_000 is a number to Python
    blank = 0
    for firsts, rows in blocks_of(text, layout.separator, layout.before, name, BLOCK):
        if set(map(len, rows)) != {width} or not all(map(any, rows)):
            firsts, rows, empty = _of_one_width(firsts, rows, width, too_long, len(lines))
            blank += empty
            if not rows:
                continue
        for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
            column.add(cells, len(lines), plain)
        lines += firsts
    return columns, np.array(lines, dtype=np.int64), too_long, blank


def _of_one_width(
    firsts: list[int], rows: list[list[str]], width: int, too_long: dict[int, str], done: int
) -> tuple[list[int], list[list[str]], int]:
    """The rows filled up with empty cells; one that is too long is noted and emptied."""
    kept: list[tuple[int, list[str]]] = []
    for line, cells in zip(firsts, rows, strict=True):
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[width:]):
            too_long[done + len(kept)] = f"{len(cells)} cells, not {width}"
            cells = []
        kept.append((line, (cells + [""] * width)[:width]))
    return [line for line, _ in kept], [cells for _, cells in kept], len(rows) - len(kept)
