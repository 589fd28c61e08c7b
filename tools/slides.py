"""Write each stored lesson as slides, one page a lesson: ``make slides``, ``LESSON=03`` for one.

The pages show what is stored; nothing runs. A browser fetches reveal.js and MathJax for them.
Live slides, with sliders that work, are RISE's: the same roles of cells and the same style.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import nbformat
from nbconvert.exporters import SlidesExporter
from nbformat import NotebookNode

HERE = Path(__file__).resolve().parent
NOTEBOOKS = HERE.parent / "notebooks"
SLIDES = HERE.parent / "build/slides"
STYLE = NOTEBOOKS / "rise.css"  # RISE looks for this name beside a notebook

REVEAL = "https://cdn.jsdelivr.net/npm/reveal.js@4.4.0"  # the version that RISE has
MATHJAX = "https://cdn.jsdelivr.net/npm/mathjax@3.2.2/es5/tex-svg-full.js"


def as_slides(book: NotebookNode, name: str) -> str:
    """The lesson as a page of slides."""
    exporter = SlidesExporter(
        template_file=str(HERE / "slides.html.j2"),
        reveal_theme=book.metadata.rise.theme,
        reveal_url_prefix=REVEAL,
        mathjax_url=MATHJAX,
    )
    resources = {
        "metadata": {"name": name},
        "lesson_style": STYLE.read_text(encoding="utf-8"),
        "lesson_layout": book.metadata.rise,
    }
    page, _ = exporter.from_notebook_node(book, resources)
    return str(page)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lesson", nargs="?", default="", help="the number of a lesson, such as 03")
    chosen = sorted(NOTEBOOKS.glob(f"{parser.parse_args().lesson}*.ipynb"))
    SLIDES.mkdir(parents=True, exist_ok=True)
    for path in chosen:
        book = nbformat.read(path, as_version=4)
        page = SLIDES / f"{path.stem}.slides.html"
        page.write_text(as_slides(book, path.stem), encoding="utf-8")
        print(page.relative_to(HERE.parent))
    if not chosen:
        print("No lesson of that number in notebooks/.")
    return 0 if chosen else 1


if __name__ == "__main__":
    sys.exit(main())
