"""The files for Colab: what their set-up cell does, and where their links lead."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbformat import NotebookNode

from kernelfit.views.colab import allow_custom_widgets
from tools.colab import page_of_badges, self_contained

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
LESSONS = {
    path.name: nbformat.read(path, as_version=4) for path in sorted(NOTEBOOKS.glob("*.ipynb"))
}
START = "00_start_here.ipynb"
STAND_IN = {
    "kernelfit/__init__.py": "print('kernelfit from', __file__)",
    "kernelfit/views/__init__.py": "import json",
    "kernelfit/views/course.mplstyle": "",
}


def wheel(**changes: str) -> bytes:
    """A wheel of three files, in the place of the package."""
    there = io.BytesIO()
    with zipfile.ZipFile(there, "w") as archive:
        for name, text in {**STAND_IN, **changes}.items():
            archive.writestr(name, text)
    return there.getvalue()


def set_up(book: NotebookNode) -> str:
    """The source of the set-up cell."""
    (cell,) = [cell for cell in book.cells if cell.id == "set-up"]
    return cell.source


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run a cell in a Python of its own."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def test_the_set_up_cell_takes_the_package_that_it_carries_once() -> None:
    code = set_up(self_contained(LESSONS[START], START, wheel(), ""))
    names = "kf.__name__, views.__name__, np.__name__, sp.__name__, plt.__name__"
    done = run(f"{code}\nbefore = list(sys.path)\n{code}\nprint(sys.path == before, {names})")
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert re.search(r"kernelfit-\w+[\\/]kernelfit[\\/]__init__\.py$", first)
    assert second == "True kernelfit kernelfit.views numpy sympy matplotlib.pyplot"


def test_what_is_missing_is_named_with_the_remedy() -> None:
    book = self_contained(
        LESSONS[START], START, wheel(**{"kernelfit/views/__init__.py": "import anywidget_"}), ""
    )
    last = run(set_up(book)).stderr.splitlines()[-1]
    assert last.startswith("ModuleNotFoundError: anywidget_ is not here, and kernelfit needs it.")
    assert "`%pip install anywidget_`" in last


@pytest.mark.parametrize("name", LESSONS)
def test_nothing_else_of_a_lesson_changes(name: str) -> None:
    book = self_contained(LESSONS[name], name, wheel(), "")
    nbformat.validate(book)
    for cell, original in zip(book.cells, LESSONS[name].cells, strict=True):
        if cell.cell_type == "code" and cell.id != "set-up":
            assert cell == original
    imports = "import matplotlib.pyplot as plt\nimport numpy as np\nimport sympy as sp\n\nplt.style"
    assert imports in set_up(book)
    assert "make lab" not in set_up(book)


@pytest.mark.parametrize("name", LESSONS)
def test_links_to_lessons_lead_to_the_published_branch(name: str) -> None:
    book = self_contained(LESSONS[name], name, wheel(), "ada/fit")
    prose = "\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
    place = "https://colab.research.google.com/github/ada/fit/blob/colab/"
    linked = re.findall(r"\]\(([^)]*\.ipynb)\)", prose)
    assert {target.removeprefix(place) for target in linked} <= set(LESSONS)
    assert linked[0] == place + name  # the badge below the title
    assert book.cells[0].source.splitlines()[0] == LESSONS[name].cells[0].source.splitlines()[0]


@pytest.mark.parametrize("name", LESSONS)
def test_without_an_address_a_link_becomes_a_name(name: str) -> None:
    book = self_contained(LESSONS[name], name, wheel(), "")
    prose = "\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
    assert ".ipynb)" not in prose.replace("ipynb`)", "")
    assert "badge" not in prose
    assert re.search(r"\S \(`\d\d_\w+\.ipynb`\)", prose)


def test_the_published_page_has_a_badge_for_each_lesson() -> None:
    page = page_of_badges(LESSONS, "ada/fit")
    assert re.findall(r"blob/colab/(.+?)\)", page) == list(LESSONS)
    assert "| 01 · Which line is best? | [![Open in Colab](https://colab" in page


def test_colab_is_asked_to_draw_widgets_and_nobody_else_is(monkeypatch) -> None:
    asked = []
    colab = ModuleType("google.colab")
    colab.output = ModuleType("google.colab.output")
    colab.output.enable_custom_widget_manager = lambda: asked.append("custom widgets")
    assert "google.colab" not in sys.modules
    allow_custom_widgets()
    assert asked == []
    monkeypatch.setitem(sys.modules, "google", ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    allow_custom_widgets()
    assert asked == ["custom widgets"]
