"""A file of the learner's own in a real browser: chosen, dropped, too large, and no table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from lab import Lab, Notebook, set_up_cell
from playwright.sync_api import Locator, Page

from kernelfit.views.upload import MOST

pytestmark = pytest.mark.browser

NAME = "workbench.ipynb"
DROP = """(place, [name, text]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], name, { type: "text/csv" }));
    for (const kind of ["dragenter", "dragover", "drop"])
        place.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def page(lab: Lab, open_notebook: Callable[[str], Notebook]) -> Page:
    cells = [nbformat.v4.new_code_cell(text) for text in (set_up_cell(), "views.workbench()")]
    book = nbformat.v4.new_notebook(cells=cells)
    nbformat.write(book, lab.folder / NAME)
    notebook = open_notebook(NAME)
    notebook.run_all()
    return notebook.page


def readout(page: Page, words: str) -> Locator:
    return page.locator(".kf-readout", has_text=words)


def said(page: Page, words: str) -> Locator:
    return page.locator(".kf-upload-said", has_text=words)


def chooser(page: Page) -> Locator:
    """The button, found by its words as a screen reader finds it."""
    return page.get_by_label("your own table (CSV), or drop it here")


def test_a_file_is_chosen_dropped_or_refused(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "気温.csv"
    path.write_bytes("日 [d],気温 [℃]\n1,2.5\n2,3.5\n3,5\n4,-\n5,6\n".encode("cp932"))
    chooser(page).set_input_files(path)
    readout(page, "気温.csv, 4 points").wait_for()
    readout(page, "1 of 5 rows left out").wait_for()
    said(page, "気温.csv is there: 5 rows.").wait_for()

    chooser(page).set_input_files(path)  # mended meanwhile, perhaps
    readout(page, "気温.csv (2), 4 points").wait_for()

    page.locator(".kf-upload").evaluate(DROP, ["dropped.csv", "x,y\n1,2\n2,3\n3,5\n"])
    readout(page, "dropped.csv, 3 points").wait_for()

    page.locator(".kf-upload").evaluate(DROP, ["page.csv", "<!DOCTYPE html><b>no table</b>"])
    said(page, "page.csv must be a table as text, got a web page").wait_for()
    readout(page, "Still shown: dropped.csv.").wait_for()


def test_the_largest_file_passes_and_a_larger_one_is_not_sent(page: Page, tmp_path: Path) -> None:
    row = b"1.25,2.5\n"
    path = tmp_path / "large.csv"
    path.write_bytes((b"x,y\n2,3\n3,4\n" + row * (MOST // len(row)))[: MOST - MOST % len(row)])
    chooser(page).set_input_files(path)
    said(page, "large.csv is there: 1,1").wait_for()
    readout(page, "large.csv, 1,1").wait_for()

    path = tmp_path / "larger.csv"
    path.write_bytes(b"x" * (MOST + 1))
    chooser(page).set_input_files(path)
    said(page, "larger.csv has 10.0 MB, and through the page go at most 10.0 MB").wait_for()
    said(page, "Put the file beside the notebook and type its name").wait_for()

    small = tmp_path / "small.csv"  # the connection is still there
    small.write_bytes(b"x,y\n1,2\n2,3\n3,5\n")
    chooser(page).set_input_files(small)
    readout(page, "small.csv, 3 points").wait_for()


def test_the_keyboard_reaches_the_file_button(page: Page) -> None:
    page.get_by_label("or its path").focus()
    page.keyboard.press("Tab")
    assert chooser(page).evaluate("input => input === document.activeElement")
