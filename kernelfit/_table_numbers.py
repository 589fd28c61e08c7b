"""From the text of a cell to a number: signs, units, dates, and what stands for nothing at all."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

# What stands for "no number here", in small letters.
MISSING = frozenset(
    {"", "-", "--", "---", "–", "—", ".", "..", "...", "?", "*", "×", "///", "na", "n/a", "n.a."}
    | {"#n/a", "nan", "<na>", "null", "none", "nil", "missing", "欠測", "欠損"}
)
# Full-width signs of Japanese keyboards and the true minus sign. (Not all of NFKC: it would make
# 108 of 10⁸.)
_PLAIN = str.maketrans(
    {
        **{chr(0xFF01 + i): chr(0x21 + i) for i in range(94)},
        **dict.fromkeys("−–", "-"),
        **dict.fromkeys("\u3000\u00a0\u202f\u2009", " "),
        "’": "'",
    }
)


def _number(mark: str, grouping: str) -> re.Pattern[str]:
    """A number with this decimal mark, its digits grouped by threes or not, perhaps with a unit."""
    unit = r"(?![⁰¹²³⁴-⁹¼-¾])(?:[^\W\d_]|[%‰°µ€$£¥])[^\s\d]{0,11}"  # 10⁸ is not ten of something
    return re.compile(
        rf"""(?P<sign>[+-]?)\s*(?P<currency>[€$£¥]?)\s*
        (?P<whole>[0-9]{{1,3}}(?:[{grouping}][0-9]{{3}})+|[0-9]*)
        (?:{mark}(?P<part>[0-9]*))?(?P<power>[eE][+-]?[0-9]+)?
        \s*(?P<unit>{unit})?""",
        re.VERBOSE,
    )


_NUMBERS = {".": _number(r"\.", ",' "), ",": _number(",", ".' ")}

_DATE = re.compile(
    r"""(?P<year>[12][0-9]{3})(?:年|[-/.])\s*(?P<month>[0-9]{1,2})(?:月|[-/.]|$)\s*
    (?:(?P<day>[0-9]{1,2})日?)?
    (?:[T\s]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}(?:\.[0-9]*)?))?Z?)?""",
    re.VERBOSE,
)
_OTHER_DATE = re.compile(
    r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}\b.*|[0-9]{1,4}:[0-9]{2}(:[0-9]{2}.*)?|"
    r".*\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*[0-9].*",
    re.IGNORECASE,
)


class Quantity(NamedTuple):
    """A number and the unit behind it, which is mostly empty."""

    value: float
    unit: str


def is_missing(text: str) -> bool:
    """Whether a cell is empty or holds one of the usual marks for a missing number."""
    return text.strip().casefold() in MISSING


def quantity(text: str, decimal: str) -> Quantity | None:
    """The number in a cell with its unit: 12, −1.5e3, 1,234.5, 12 kg, $3, １２; None for others."""
    match = _NUMBERS[decimal].fullmatch(text.translate(_PLAIN).strip())
    if match is None or not (match["whole"] or match["part"]):
        return None
    whole = re.sub("[^0-9]", "", match["whole"])
    digits = f"{match['sign']}{whole or '0'}.{match['part'] or '0'}{match['power'] or ''}"
    return Quantity(float(digits), match["currency"] or match["unit"] or "")


def plain_number(text: str) -> bool:
    """Whether a cell is nothing but a number, with either decimal mark."""
    found = [quantity(text, mark) for mark in _NUMBERS]
    return any(one is not None and not one.unit for one in found)


def year_of(text: str) -> float | None:
    """A date, year first, as a year with decimals: 2020-07-02 is 2020.5; None for other text.

    A month without a day is its first day.
    """
    match = _DATE.fullmatch(text.translate(_PLAIN).strip())
    if match is None:
        return None
    try:
        date = datetime.date(int(match["year"]), int(match["month"]), int(match["day"] or 1))
    except ValueError:  # 2021-02-30
        return None
    seconds = 3600 * int(match["hour"] or 0) + 60 * int(match["minute"] or 0)
    days = date.timetuple().tm_yday - 1 + (seconds + float(match["second"] or 0)) / 86400
    return date.year + days / (366 if calendar.isleap(date.year) else 365)


def other_date(text: str) -> bool:
    """Whether a cell looks like a date or a time in a form that could be read in two ways."""
    return _OTHER_DATE.fullmatch(text.translate(_PLAIN).strip()) is not None


def decimal_mark(cells: Iterable[str], separator: str) -> tuple[str, str]:
    """The decimal mark that the cells speak for, and a cell that could be read either way.

    1.5 has a decimal point, 1,5 a decimal comma. 1,234 may be either. Where no cell decides, a
    semicolon between the cells speaks for the comma, because that is why it is there.
    """
    votes, doubtful = {".": 0, ",": 0}, ""
    for cell in cells:
        text = re.sub("(?<=[0-9])[ '](?=[0-9]{3})", "", cell.translate(_PLAIN).strip())
        match = re.fullmatch(r"[-+€$£¥ ]*([0-9]*(?:[.,][0-9]+)+)(?:[eE][+-]?[0-9]+)?\D*", text)
        marks = re.findall("[.,]", match[1]) if match else []
        if match is None or not marks:
            continue
        other = {".": ",", ",": "."}
        grouped = re.fullmatch(r"[1-9][0-9]{0,2}([.,][0-9]{3})+", match[1])
        if len(set(marks)) == 2:
            votes[marks[-1]] += 1  # 1.234,5
        elif len(marks) > 1:
            votes[other[marks[0]]] += 1  # 1.234.567
        elif not grouped:
            votes[marks[0]] += 1
        elif quantity(cell, ".") and quantity(cell, ","):
            doubtful = doubtful or text
    if votes["."] != votes[","]:
        return max(votes, key=votes.__getitem__), ""
    if "," in doubtful and separator == ";":
        return ",", doubtful
    return ".", doubtful


def at_once(cells: Sequence[str], decimal: str) -> list[float] | None:
    """All cells as numbers where each of them is written plainly; None where one is not."""
    try:
        if decimal == ".":
            return [float(cell) for cell in cells]
        if not any("." in cell for cell in cells):
            return [float(cell.replace(",", ".")) for cell in cells]
    except ValueError:
        pass
    return None
