"""From bytes to text: which encoding a file has, and what is no text at all."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from ._checks import InputError, shown

GUESSED = "If its letters look wrong, name the encoding yourself: encoding='...'."
_AS_CSV = "Open it in the program that it belongs to and save the sheet as CSV (UTF-8)."

# The first bytes of files that are no text, what they are, what to do.
_KINDS = (
    (b"PK\x03\x04", "a workbook of Excel or another packed file", _AS_CSV),
    (b"\xd0\xcf\x11\xe0", "a workbook of an older Excel", _AS_CSV),
    (b"\x1f\x8b", "packed with gzip", "Unpack it first."),
    (b"BZh", "packed with bzip2", "Unpack it first."),
    (b"%PDF", "a PDF", "A table in it must be typed or copied into a spreadsheet first."),
    (b"\x89PNG", "a picture", "Give the numbers themselves, one row a point."),
    (b"\xff\xd8\xff", "a picture", "Give the numbers themselves, one row a point."),
    (b"PAR1", "a Parquet file", "With pandas: read_parquet(...).to_csv(..., index=False)."),
    (b"SQLite format 3", "a database", "Write the table that you need as CSV."),
    (b"{\\rtf", "a document of a word processor", "Save it as plain text."),
)
_TEXT_KINDS = (
    (r"<(!doctype|html|\?xml)", "a web page, not the table on it", "Download the file itself."),
    (r"[{\[]\s*[\"{\[\d]", "JSON", "Write its rows as CSV, one line a point."),
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The encodings of Japanese, and the first bytes of what is often written in them: signs, kana and
# the kanji of everyday use. What is rare there is common elsewhere: E9 is é in Western Europe.
_JAPANESE = (("euc_jp", range(0xA1, 0xD0)), ("cp932", range(0x81, 0x98)))
NAMED = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "euc_jp": "Japanese (euc_jp)",
    "cp932": "Japanese (cp932)",
    "cp1252": "Western European (cp1252)",
    "latin-1": "Western European (latin-1)",
}
_SEEN = 2**20  # characters that a guess looks at


class Decoded(NamedTuple):
    """A text, the name of its encoding, and whether that was guessed."""

    text: str
    encoding: str
    guessed: bool


def decode(raw: bytes, name: str, encoding: str | None = None) -> Decoded:
    """The text of a file; InputError when there is none.

    In this order: the mark at its beginning (BOM), UTF-8, UTF-16 without a mark, Japanese in EUC-JP
    and Shift-JIS where the characters are common ones, and at last Western European.
    """
    for start, kind, advice in _KINDS:
        if raw.startswith(start):
            raise InputError(f"{name} must be a table as text, got {kind}. {advice}")
    if not raw.strip():
        raise InputError(f"{name} must hold a table, got an empty file. Was it saved to the end?")
    found = _named(raw, name, encoding) if encoding else _found(raw)
    if "\0" in found.text:
        raise InputError(
            f"{name} must be a table as text, got bytes that are none. {_AS_CSV}",
        )
    for start_of_text, kind, advice in _TEXT_KINDS:
        if re.match(start_of_text, found.text.lstrip(), re.IGNORECASE):
            raise InputError(f"{name} must be a table as text, got {kind}. {advice}")
    return found


def _named(raw: bytes, name: str, encoding: str) -> Decoded:
    try:
        return Decoded(raw.decode(encoding), encoding, False)
    except (LookupError, TypeError):
        raise InputError(
            f"encoding must be one that Python knows, got {shown(encoding)}. Say 'utf-8', 'cp932' "
            f"(Japanese), 'cp1252' (Western European), 'gbk' or 'euc_kr'."
        ) from None
    except (UnicodeError, ValueError) as problem:
        raise InputError(
            f"{name} must be in the encoding that is named, got {encoding!r} and bytes that are "
            f"not: {problem}. Leave encoding out, and it is looked for."
        ) from None


def _found(raw: bytes) -> Decoded:
    for mark, encoding in _MARKS:
        if raw.startswith(mark) and (text := _strictly(raw, encoding)) is not None:
            return Decoded(text, encoding, False)
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        text = _strictly(raw, encoding)
        # In UTF-16 a digit is 31 00, so every other byte of a table is 0.
        if text is not None and "\0" not in text and (encoding == "utf-8" or _halved(raw)):
            return Decoded(text, encoding, False)
    for encoding, common in _JAPANESE:
        text = _strictly(raw, encoding)
        if text is not None and _looks_japanese(text[:_SEEN], encoding, common):
            return Decoded(text, encoding, True)
    text = _strictly(raw, "cp1252")
    if text is not None:
        return Decoded(text, "cp1252", True)
    return Decoded(raw.decode("latin-1"), "latin-1", True)


def _halved(raw: bytes) -> bool:
    """Whether two in five bytes are 0, and all of them at even places or all at odd ones."""
    even, odd = raw[::2].count(0), raw[1::2].count(0)
    return 5 * max(even, odd) > 2 * len(raw) and min(even, odd) == 0


def _strictly(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeError:
        return None


def _looks_japanese(text: str, encoding: str, common: range) -> bool:
    """Whether most characters are common ones, and no lone one stands in a word of Latin letters.

    The ’t of don’t has the bytes of a kanji.
    """
    runs = list(re.finditer(r"[^\x00-\x7f]+", text))
    codes = [character.encode(encoding) for run in runs for character in run.group()]
    pairs = [code for code in codes if len(code) > 1]
    lone = [
        run
        for run in runs
        if len(run.group()) == 1
        and re.search("[A-Za-z]", text[max(run.start() - 1, 0) : run.end() + 1])
    ]
    known = sum(code[0] in common for code in pairs)
    return known > 0 and 2 * known >= len(pairs) and 2 * len(lone) < len(runs)
