"""Which font has the characters of a text: a box in the place of a letter is never drawn."""

from __future__ import annotations

from functools import lru_cache

from matplotlib import font_manager
from matplotlib.font_manager import FontEntry
from matplotlib.ft2font import FT2Font

OURS = "DejaVu Sans"  # comes with matplotlib
_BOXES = ("Last Resort", "LastResort", "Adobe Blank")  # they have every character, as a box
# Looked at before all others, because they are made for such texts.
_KNOWN = (
    "Noto Sans CJK JP", "Noto Sans JP", "IPAexGothic", "IPAGothic", "Hiragino Sans", "Yu Gothic",
    "Meiryo", "MS Gothic", "TakaoGothic", "VL Gothic", "Noto Sans CJK SC", "Noto Sans CJK KR",
    "Microsoft YaHei", "PingFang SC", "Malgun Gothic", "Arial Unicode MS",
)  # fmt: skip


def families_for(text: str) -> list[str] | None:
    """Font families that together have every character of the text; None when none is there."""
    faces = _upright_faces()
    left = _not_in(text, faces[OURS])
    if not left:
        return [OURS]
    for family in [*(name for name in _KNOWN if name in faces), *sorted(faces)]:
        if not _not_in(left, faces[family]):
            return [OURS, family]
    return None


def _upright_faces() -> dict[str, str]:
    """The file of each family's face that matplotlib takes for ordinary text."""
    best: dict[str, FontEntry] = {}
    for font in font_manager.fontManager.ttflist:
        if font.name.startswith(_BOXES):
            continue
        if font.name not in best or _strangeness(font) < _strangeness(best[font.name]):
            best[font.name] = font
    return {name: font.fname for name, font in best.items()}


def _strangeness(font: FontEntry) -> tuple[bool, int]:
    weight = font.weight if isinstance(font.weight, int) else 400
    return font.style != "normal", abs(weight - 400)


def _not_in(text: str, path: str) -> str:
    """The characters that the font lacks."""
    has = _characters(path)
    return "".join(c for c in dict.fromkeys(text) if ord(c) not in has)


@lru_cache(maxsize=512)
def _characters(path: str) -> frozenset[int]:
    """The code points that the font can draw; none for a font that cannot be read."""
    try:
        return frozenset(FT2Font(path).get_charmap())
    except (OSError, RuntimeError, ValueError):
        return frozenset()
