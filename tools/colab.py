"""Each lesson as one file for Colab and Kaggle: ``make colab``, with badges if ``REPO`` is known.

The set-up cell carries the package, as a wheel written in base64. Nothing is installed: the wheel
is unpacked into a folder of its own, and what Colab has stays as it is.
"""

from __future__ import annotations

import argparse
import base64
import re
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

import nbformat
from nbformat import NotebookNode

from tools.wheel import ROOT, build_slim_wheel

TARGET = ROOT / "build/colab"
BRANCH = "colab"
BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
LINK = re.compile(r"\[([^\]]+)\]\((\d\d_\w+\.ipynb)\)")
# The code of the set-up cell is folded away: for Colab, Kaggle and JupyterLab.
HIDDEN = {"cellView": "form", "_kg_hide-input": True, "jupyter": {"source_hidden": True}}
SET_UP = """\
#@title Set-up: run this cell first, with Shift + Enter {{ display-mode: "form" }}
# kernelfit travels inside this cell. Nothing is downloaded, and nothing that is here is changed.
import base64
import io
import sys
import tempfile
import zipfile

WHEEL = "{wheel}"

if "kernelfit" not in sys.modules:
    folder = tempfile.mkdtemp(prefix="kernelfit-")
    zipfile.ZipFile(io.BytesIO(base64.b64decode(WHEEL))).extractall(folder)
    sys.path.insert(0, folder)

try:
    import kernelfit as kf
    from kernelfit import views
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        f"{{missing.name}} is not here, and kernelfit needs it. In a new cell above this one type "
        f"`%pip install {{missing.name}}` (on Kaggle first set Internet on, in the settings), run "
        "it, restart the session, and run this cell again."
    ) from None
"""


def self_contained(lesson: NotebookNode, name: str, wheel: bytes, repository: str) -> NotebookNode:
    """The lesson with the package in its set-up cell, and links that lead somewhere.

    Parameters
    ----------
    lesson : the lesson as it is stored.
    name : its file name.
    wheel : the package.
    repository : ``owner/name`` on GitHub; empty when it is not known.
    """
    book = nbformat.from_dict(lesson)
    for cell in book.cells:
        if cell.id == "set-up":
            _, _, imports = cell.source.partition("    ) from None\n")
            imports = imports.replace("from kernelfit import views\n\n", "")
            cell.source = SET_UP.format(wheel=base64.b64encode(wheel).decode()) + imports
            cell.metadata.update(HIDDEN)
        elif cell.cell_type == "markdown":
            cell.source = LINK.sub(lambda found: link(*found.groups(), repository), cell.source)
    if repository:
        title, line, rest = book.cells[0].source.partition("\n")
        book.cells[0].source = f"{title}\n\n{badge(name, repository)}{line}{rest}"
    book.metadata["colab"] = {"name": name, "provenance": []}
    return book


def link(text: str, name: str, repository: str) -> str:
    """A link to another lesson; its name in words when there is no address for it."""
    return f"[{text}]({address(name, repository)})" if repository else f"{text} (`{name}`)"


def badge(name: str, repository: str) -> str:
    """The picture that opens a lesson in Colab."""
    return f"[![Open in Colab]({BADGE})]({address(name, repository)})"


def address(name: str, repository: str) -> str:
    """Where Colab opens a lesson of the branch that the workflow publishes."""
    return f"https://colab.research.google.com/github/{repository}/blob/{BRANCH}/{quote(name)}"


def page_of_badges(lessons: dict[str, NotebookNode], repository: str) -> str:
    """The front page of the published branch: a badge for each lesson."""
    rows = [
        f"| {book.cells[0].source.splitlines()[0].lstrip('# ')} | {badge(name, repository)} |"
        for name, book in lessons.items()
    ]
    return "\n".join(
        [
            "# The lessons of kernelfit for Google Colab",
            "",
            f"Written by `make colab` from [{repository}](https://github.com/{repository}). Each "
            "file carries the package: nothing is installed.",
            "",
            "| lesson | |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repository", nargs="?", default="", metavar="owner/name")
    words = parser.parse_args()
    if words.repository and not re.fullmatch(r"[\w.-]+/[\w.-]+", words.repository):
        parser.error(f"a repository is owner/name, such as ada/kernelfit, not {words.repository!r}")
    with tempfile.TemporaryDirectory() as folder:
        wheel = build_slim_wheel(Path(folder)).read_bytes()
    shutil.rmtree(TARGET, ignore_errors=True)  # a lesson may have got another name
    TARGET.mkdir(parents=True)
    lessons = {
        path.name: nbformat.read(path, as_version=4)
        for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    }
    total = 0
    for name, lesson in lessons.items():
        book = self_contained(lesson, name, wheel, words.repository)
        nbformat.validate(book)
        nbformat.write(book, TARGET / name)
        total += (TARGET / name).stat().st_size
    if words.repository:
        page = page_of_badges(lessons, words.repository)
        (TARGET / "README.md").write_text(page, encoding="utf-8")
    print(
        f"{len(lessons)} lessons in {TARGET.relative_to(ROOT)}: {total / 1e6:.1f} MB, "
        f"of them {len(wheel) * 4 / 3 / 1e3:.0f} kB in each for the package."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
