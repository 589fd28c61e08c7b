"""One column of a table while its rows come in, and when it is complete."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ._checks import FloatArray
from ._table_numbers import at_once, is_missing, other_date, quantity, year_of

BIGGEST = 1e150  # a number whose square float64 can hold
ENOUGH = 1000  # cells without a single number, after which a column is text
KEPT = 1000  # cells without a number that are remembered word for word
_SENTINEL = re.compile(r"-?9{2,6}(\.[90])?|-9+(\.0*)?|-?32768|-1e30")
_MARKED = r"^(?P<name>.*\S)\s*[\[(（［](?P<unit>[^\[\]()（）［］\d][^\[\]()（）［］]*)[\])）］]$"


@dataclass(frozen=True, eq=False, repr=False)
class Column:
    """One column: its numbers, nan where there is none, and the texts that stand there instead.

    ``why_not`` says why the column is of no use for a fit, and is empty when it is.
    """

    name: str
    unit: str
    values: FloatArray
    texts: dict[int, str]  # row: what stands there; of the first thousand
    why_not: str = ""

    @property
    def label(self) -> str:
        """Name and unit, as an axis shows them."""
        said = self.unit.casefold() in ("", self.name.casefold())
        return self.name if said else f"{self.name} [{self.unit}]"


class Filling:
    """A column while its rows come in."""

    def __init__(self, name: str, unit: str, decimal: str, missing: frozenset[str]) -> None:
        match = re.match(_MARKED, name)
        self.name, self.unit = (match["name"], match["unit"]) if match else (name, "")
        self.unit = unit or self.unit
        self.decimal, self.missing = decimal, missing
        self.values: list[FloatArray] = []
        self.units: list[npt.NDArray[np.intp]] = []  # which of the units below, 0 for none
        self.known = {"": 0}
        self.texts: dict[int, str] = {}
        self.others = 0  # cells that hold something, and no number
        self.first_other = (0, "")
        self.dates: bool | None = None
        self.is_text = False

    def add(self, cells: Sequence[str], first: int, plain: bool) -> None:
        """The cells of rows number first, first + 1, ..."""
        nothing = np.full(len(cells), np.nan)
        if self.is_text:
            self._keep(nothing)
            return
        plain = plain and not self.missing and not self.dates
        quick = at_once(cells, self.decimal) if plain else None
        if quick is not None and np.all(np.abs(quick) <= BIGGEST):  # which nan is not
            self._keep(np.array(quick))
            return
        if self.dates is None:
            self.dates = self._mostly_dates(cells)
        values, units = nothing, np.zeros(len(cells), dtype=np.intp)
        for i, cell in enumerate(cells):
            alone = at_once((cell,), self.decimal) if plain else None
            if alone is not None and abs(alone[0]) <= BIGGEST:
                values[i] = alone[0]
            elif is_missing(cell) or cell.strip().casefold() in self.missing:
                self._remember(first + i, cell)
            else:
                value, unit = self._number(cell)
                if f"{value:g}" in self.missing:  # -999.0 where -999 is named
                    self._remember(first + i, cell)
                elif abs(value) <= BIGGEST:
                    values[i], units[i] = value, self.known.setdefault(unit, len(self.known))
                else:
                    self._odd(first + i, cell)
        self._keep(values, units)
        self.is_text = self.others > ENOUGH and not any(np.isfinite(v).any() for v in self.values)

    def _keep(self, values: FloatArray, units: npt.NDArray[np.intp] | None = None) -> None:
        self.values.append(values)
        self.units.append(np.zeros(len(values), dtype=np.intp) if units is None else units)

    def _mostly_dates(self, cells: Sequence[str]) -> bool | None:
        """Whether this is a column of dates; None where all cells are empty."""
        held = [cell for cell in cells if not is_missing(cell)]
        dated = [year_of(one) for one in held if quantity(one, self.decimal) is None]
        return 2 * sum(year is not None for year in dated) > len(held) if held else None

    def _number(self, cell: str) -> tuple[float, str]:
        if self.dates:
            year = year_of(cell)
            return (np.inf, "") if year is None else (year, "")
        found = quantity(cell, self.decimal)
        if found is None:
            return np.inf, ""
        return found.value, "" if found.unit == self.unit else found.unit

    def _odd(self, row: int, cell: str) -> None:
        self.first_other = self.first_other if self.others else (row, cell)
        self.others += 1
        self._remember(row, cell)

    def _remember(self, row: int, cell: str) -> None:
        if cell.strip() and len(self.texts) < KEPT:
            self.texts[row] = cell

    def done(self, lines: npt.NDArray[np.int64]) -> Column:
        """The whole column; where several units are mixed, the commonest counts."""
        values, units = np.concatenate(self.values), np.concatenate(self.units)
        unit = self.unit or ("year" if self.dates else "")
        if len(self.known) > 1:
            counts = Counter(units[np.isfinite(values)].tolist())
            main = counts.most_common(1)[0][0]
            names = list(self.known)
            for row in np.flatnonzero(np.isfinite(values) & (units != main)):
                self._odd(int(row), f"{values[row]:g} {names[units[row]]}".strip())
            values[units != main] = np.nan
            unit = names[main] or unit
        there = int(np.isfinite(values).sum())
        return Column(self.name, unit, values, self.texts, self._why_not(there, lines))

    def _why_not(self, there: int, lines: npt.NDArray[np.int64]) -> str:
        if there > self.others:
            return ""
        if not there and not self.others:
            return "nothing: it is empty."
        row, text = self.first_other
        if len(self.known) > 2 or (there and len(self.known) > 1):
            units = ", ".join(unit or "none" for unit in list(self.known)[:4])
            return f"several units ({units}). Bring the column to one."
        if other_date(text):
            return (
                f"dates or times, {quoted(text)} in line {lines[row]}. Write dates as 2020-01-31 "
                f"and times as one number, say minutes."
            )
        few = f" in {self.others:,} of {self.others + there:,} cells" if there else ""
        return f"text, {quoted(text)} in line {lines[row]}{few}."


def doubts(columns: Sequence[Column]) -> list[str]:
    """Numbers that look like a mark for a missing one: −999, far from all others."""
    found = []
    for column in columns:
        there = column.values[np.isfinite(column.values)]
        if column.why_not or len(there) < 3:
            continue
        for end in (there.min(), there.max()):
            rest = there[there != end]
            marked = len(rest) > 1 and _SENTINEL.fullmatch(f"{end:g}")
            if marked and min(abs(rest - end)) > np.ptp(rest):
                found.append(
                    f"{column.name} holds {end:g} in {len(there) - len(rest):,} of "
                    f"{len(there):,} rows, far from all other numbers: if it stands for a "
                    f"missing one, say missing=['{end:g}']."
                )
    return found


def quoted(text: str) -> str:
    """A cell as a sentence shows it: on one line, short, in quotation marks."""
    text = " ".join(text.split())
    return f"“{text[:24]}…”" if len(text) > 25 else f"“{text}”"
