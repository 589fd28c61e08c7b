"""Every lesson in the browser edition: it runs to its end and says what it says elsewhere.

With KERNELFIT_SCREENSHOTS=FOLDER each view is also photographed: wide, narrow and dark.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from drive import View, complaints
from pages import Lesson
from playwright.sync_api import Page

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
BOOKS = {path.name: nbformat.read(path, as_version=4) for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
LESSONS = [pytest.param(name, id=f"lesson{name[:2]}") for name in BOOKS]
DRIVEN = {"01", "07", "10"}  # where every control is moved: in all lessons it would take too long
NO_WORKERS = "dask-cell"  # the one cell that can do less here


@pytest.mark.browser
@pytest.mark.parametrize("name", LESSONS)
def test_lesson(
    name: str, open_lesson: Callable[[str], Lesson], say: Callable[[str], None], tmp_path: Path
) -> None:
    begin = time.monotonic()
    lesson = open_lesson(name)
    lesson.start()
    lesson.first_picture()
    first = time.monotonic() - begin
    lesson.finish()
    say(
        f"{name}: first picture after {first:.1f} s, all run after {time.monotonic() - begin:.1f} s"
    )
    assert lesson.problems() == []

    fresh = {cell["id"]: said(cell) for cell in lesson.code_cells()}
    if NO_WORKERS in fresh:
        (words,) = fresh[NO_WORKERS]
        assert words.startswith("No workers here (No module named 'dask')")
    stored = [cell for cell in BOOKS[name].cells if cell.cell_type == "code"]
    steady = [cell for cell in stored if cell.id != NO_WORKERS and not cell.metadata.get("tags")]
    assert {cell.id: fresh[cell.id] for cell in steady} == {cell.id: said(cell) for cell in steady}

    views = [View(stage, patience=20) for stage in lesson.page.locator(".kf-stage").all()]
    code = "".join(cell.source + "\n" for cell in stored)
    assert sorted(view.name for view in views) == sorted(re.findall(r"\bviews\.(\w+)\(", code))
    assert [problem for view in views for problem in complaints(view.rest())] == []
    if name[:2] in DRIVEN:
        assert [problem for view in views for problem in view.problems()] == []
    if name[:2] == "15":
        choose_a_file(lesson.page, tmp_path)
    assert lesson.problems() == []

    if folder := os.environ.get("KERNELFIT_SCREENSHOTS"):
        lesson.screenshots(Path(folder))


def choose_a_file(page: Page, folder: Path) -> None:
    """A table of the learner's own, in the first workbench."""
    path = folder / "気温.csv"
    path.write_bytes("日 [d],気温 [℃]\n1,2.5\n2,3.5\n3,5\n4,-\n5,6\n".encode("cp932"))
    page.get_by_label("your own table (CSV), or drop it here").first.set_input_files(path)
    page.locator(".kf-readout", has_text="気温.csv, 4 points").wait_for()


def said(cell: dict[str, Any]) -> list[str]:
    """The text of a cell's outputs, whatever form they have besides."""
    texts = [
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for output in cell["outputs"]
        if output.get("name") != "stderr"  # which is a problem by itself
    ]
    return [re.sub(r" at 0x[0-9a-f]+", "", "".join(text)) for text in texts if text]
