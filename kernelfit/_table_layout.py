"""How a table lies in its text: what separates the cells, and where the names stand."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from ._checks import InputError
from ._table_numbers import decimal_mark, is_missing, plain_number, quantity, year_of

SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas", " ": "spaces"}
_SAMPLE = 400  # lines that are looked at to find all this out
_LONGEST = 100_000  # characters of a line among them
_MOST_COLUMNS = 1000
_LINE_END = re.compile("\r\n|\r|\n")
_BELOW = 20  # rows that say whether what stands above them is a name


class Row(NamedTuple):
    """The cells of a row, and the lines of the file that it begins and ends in, counted from 1."""

    first: int
    last: int
    cells: list[str]

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class Layout:
    """What must be known to read the table: ``before`` counts the lines above the first row."""

    before: int
    separator: str
    decimal: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    notes: tuple[str, ...]


def blocks_of(
    text: str, separator: str, before: int, name: str, height: int
) -> Iterator[tuple[list[int], list[list[str]]]]:
    """Some rows at a time below the first ``before`` lines, and the lines that they begin in.

    Raises InputError where a quotation mark has no partner.
    """
    lines: Iterable[str] = islice(io.StringIO(text, newline=""), before, None)
    if separator == " ":
        lines = (line.strip() + "\n" for line in lines)
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True)
    rows: list[list[str]] = []
    while True:
        first = before + reader.line_num + 1
        rows = []
        try:
            rows.extend(islice(reader, height))
        except csv.Error as problem:
            *_, line = _first_lines([*rows, []], first)
            raise InputError(
                f"{name} must have quotation marks in pairs, got one without a partner in the row "
                f"that begins in line {line} ({problem}). Close it there, or write a mark that "
                f"belongs to the text twice."
            ) from None
        if not rows:
            return
        if before + reader.line_num == first + len(rows) - 1:
            yield list(range(first, first + len(rows))), rows
        else:
            yield _first_lines(rows, first), rows


def _first_lines(rows: list[list[str]], first: int) -> list[int]:
    """The lines that rows begin in when cells go over several."""
    lines = []
    for cells in rows:
        lines.append(first)
        first += 1 + sum(len(_LINE_END.findall(cell)) for cell in cells)
    return lines


def layout_of(
    text: str, name: str, separator: str | None, decimal: str | None, header: bool | None
) -> Layout:
    """Look at the first lines; InputError where they could be read in more than one way."""
    head = list(islice(io.StringIO(text, newline=""), _SAMPLE))
    for number, line in enumerate(head, 1):
        if len(line) > _LONGEST:
            raise InputError(
                f"{name} must have lines of at most {_LONGEST:,} characters, got {len(line):,} in "
                f"line {number}. Save the columns that you need."
            )
    comments = 0
    while comments < len(head) and (not head[comments].strip() or head[comments].startswith("#")):
        comments += 1
    said = re.match(r"sep=(.)", head[comments]) if comments < len(head) else None
    if said:  # a hint for Excel
        comments += 1
        separator = separator or said[1]
    head = head[comments:]
    if not head:
        raise InputError(f"{name} must hold a table, got nothing but comments.")
    separator = separator or _separator(head)
    try:
        rows = [row for row in _leniently(head, separator, comments) if not row.blank]
    except csv.Error as problem:
        raise InputError(f"{name} must be a table of cells, got: {problem}.") from None
    if not rows:
        raise InputError(f"{name} must hold a table, got nothing but empty cells.")
    width = Counter(len(row.cells) for row in rows).most_common(1)[0][0]
    if width > _MOST_COLUMNS:
        raise InputError(
            f"{name} must have at most {_MOST_COLUMNS:,} columns, got {width:,}. Save the columns "
            f"that you need."
        )
    cells = [cell for row in rows for cell in row.cells]
    mark, doubtful = decimal_mark(cells, separator)
    notes = []
    if doubtful and not decimal:
        reading = quantity(doubtful, mark)
        assert reading is not None  # it was found as a number
        other = "," if mark == "." else "."
        notes.append(
            f"{doubtful} is read as {reading.value:g}; if its mark means the other thing, say "
            f"decimal={other!r}."
        )
    names, start = _names(rows, width, separator, name, header)
    before = rows[start - 1].last if start else rows[0].first - 1
    units: list[str] = []
    if names and start < len(rows) and _is_unit_row(rows, start, width):
        units = [cell.strip() for cell in rows[start].cells]
        notes.append(f"Line {rows[start].first} holds the units.")
        before, start = rows[start].last, start + 1
    above = rows[: max(0, start - bool(names) - bool(units))]
    if above:
        shown = "; ".join(" ".join(row.cells).strip()[:40] for row in above[:2])
        notes.append(f"{len(above)} {_lines(above)} above the table left out: {shown}.")
    if not names:
        names = _from_comment(text, comments, separator, width)
        notes.append(
            "The names come from the comment above."
            if names
            else "There are no names above the numbers: the columns are counted. (If the first "
            "line holds them, say header=True.)"
        )
    width = max(width, len(names))
    names += [""] * (width - len(names))
    return Layout(
        before=before,
        separator=separator,
        decimal=decimal or mark,
        names=tuple(" ".join(one.split()) for one in names),
        units=tuple((units + [""] * width)[:width]),
        notes=tuple(notes),
    )


def _lines(rows: list[Row]) -> str:
    return "line" if len(rows) == 1 else "lines"


def _leniently(lines: list[str], separator: str, before: int) -> list[Row]:
    """The rows of a sample, which may end within a cell; a stray quotation mark is let pass."""
    if separator == " ":
        lines = [line.strip() + "\n" for line in lines]
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    found, last = [], before
    for cells in reader:
        found.append(Row(last + 1, before + reader.line_num, cells))
        last = before + reader.line_num
    return found


def _separator(lines: list[str]) -> str:
    """What cuts most lines into equally many cells, most of them numbers."""

    def worth(candidate: str) -> float:
        try:
            rows = [row.cells for row in _leniently(lines, candidate, 0) if not row.blank]
        except csv.Error:
            return 0.0
        if not rows:
            return 0.0
        width, often = Counter(map(len, rows)).most_common(1)[0]
        cells = [cell for row in rows if len(row) == width for cell in row]
        good = sum(is_missing(cell) or _is_value(cell) for cell in cells)
        return often / len(rows) * (good + 0.1) / len(cells) if width > 1 else 0.0

    best = max(SEPARATORS, key=worth)
    return best if worth(best) > 0 else ","


def _is_value(cell: str) -> bool:
    """Whether a cell holds a number with or without a unit, or a date."""
    return any(quantity(cell, mark) is not None for mark in ".,") or year_of(cell) is not None


def _names(
    rows: list[Row], width: int, separator: str, name: str, header: bool | None
) -> tuple[list[str], int]:
    """The names and the number of the first row below them; no names where there are none."""
    start = next(i for i, row in enumerate(rows) if len(row.cells) == width)
    while _fuller_header_below(rows, start, width):
        start += 1  # a title that a spreadsheet has filled up with separators
    if header is False:
        return [], start
    if header is True or _is_header(rows, start, width):
        return list(rows[start].cells), start + 1
    if start == 0:
        return [], 0
    above = rows[start - 1].cells
    extra = [cell for row in rows[start:] for cell in row.cells[len(above) :]]
    wordy = not any(plain_number(cell) for cell in above)
    if wordy and len(above) < width and not any(cell.strip() for cell in extra):
        return list(above), start  # each line ends with a separator
    directly = rows[start].first == rows[start - 1].last + 1
    if wordy and directly and (len(above) > 1 or width == 2):
        raise InputError(
            f"{name} must have a name for each column, got {count(len(above), 'name')} in line "
            f"{rows[start - 1].first} and {count(width, 'cell')} in line {rows[start].first} "
            f"below it, with {SEPARATORS.get(separator, repr(separator))} between them. "
            f"{_why(separator)}"
        )
    return [], start


def count(number: int, thing: str) -> str:
    """1 row, 2 rows."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _why(separator: str) -> str:
    if separator == ",":
        return (
            "If the comma is the decimal mark as well, save the table with semicolons between the "
            "cells; if a column has no name, give it one."
        )
    if separator == " ":
        return "Put a name that has a space in it in quotation marks, or save with commas."
    return "Give each column a name in the first line."


def _is_header(rows: list[Row], at: int, width: int) -> bool:
    """Whether a row holds names: words over numbers, or nothing but words in the whole table."""
    cells = [cell for row in rows[at : at + _BELOW] for cell in row.cells]
    if not any(map(_is_value, cells)):
        return True
    numbers = sum(plain_number(cell) for cell in rows[at].cells)
    words = sum(map(_is_word, rows[at].cells))
    return numbers <= words and any(_over_numbers(rows, at, width))


def _fuller_header_below(rows: list[Row], at: int, width: int) -> bool:
    """Whether the next row holds names, and more of them than there are cells in this one."""
    if at + 1 >= len(rows) or len(rows[at + 1].cells) != width:
        return False
    here, below = (sum(bool(cell.strip()) for cell in row.cells) for row in rows[at : at + 2])
    return here < below and any(_over_numbers(rows, at + 1, width))


def _over_numbers(rows: list[Row], at: int, width: int) -> Iterator[bool]:
    """For each column, whether a row has a word there and most rows below it have numbers."""
    below = [row.cells for row in rows[at + 1 : at + 1 + _BELOW] if len(row.cells) == width]
    for j, cell in enumerate(rows[at].cells[:width]):
        held = [row[j] for row in below if not is_missing(row[j])]
        yield _is_word(cell) and 2 * sum(map(_is_value, held)) > len(held)


def _is_word(cell: str) -> bool:
    return not is_missing(cell) and not _is_value(cell)


def _is_unit_row(rows: list[Row], at: int, width: int) -> bool:
    """Whether the row below the names holds units: short words over numbers."""
    top = [cell.strip() for cell in rows[at].cells]
    if len(top) != width or any(plain_number(cell) or len(cell) > 12 for cell in top):
        return False
    return any(_over_numbers(rows, at, width))


def _from_comment(text: str, comments: int, separator: str, width: int) -> list[str]:
    """Names in the last comment above the numbers, as numpy's savetxt writes them."""
    above = islice(io.StringIO(text, newline=""), comments)
    lines = [line.lstrip("#").strip() for line in above if line.startswith("#")]
    cells = lines[-1].split(None if separator == " " else separator) if lines else []
    return cells if len(cells) == width else []
