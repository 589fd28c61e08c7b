"""The stored lessons as pages, judged by axe-core; test_lessons.py judges lessons that run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from accessibility import ON_PAGES, violations
from lab import NARROW, SIZE
from nbconvert import HTMLExporter
from playwright.sync_api import BrowserContext, Page

from tools.notebooks import NOTEBOOKS

if "KERNELFIT_LESSONS" in os.environ:
    pytest.skip("the files for Colab hold the same cells", allow_module_level=True)

pytestmark = pytest.mark.browser

LESSONS = [
    pytest.param(path, id=f"lesson{path.name[:2]}") for path in sorted(NOTEBOOKS.glob("*.ipynb"))
]
CELLS = [".jp-Cell"]
FAULTS = """
<html lang="en"><body><div class="jp-Cell">
<img src="data:image/png;base64,iVBORw0KGgo=">
<p style="color: #aaa; background: #fff">pale</p>
<div role="slider" tabindex="0" aria-valuenow="1"></div>
<table><thead><tr><th></th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>
<div class="jp-InputPrompt" style="color: #aaa; background: #fff">In [1]:</div>
</div></body></html>
"""


@pytest.fixture(scope="module")
def page(context: BrowserContext) -> Iterator[Page]:
    one = context.new_page()
    one.route("https://**", lambda route: route.abort())  # MathJax and require.js
    yield one
    one.close()


@pytest.mark.parametrize("path", LESSONS)
def test_a_lesson_as_a_page_can_be_read_by_all(path: Path, page: Page, tmp_path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    written = tmp_path / "lesson.html"
    for theme, size in ("light", SIZE), ("dark", NARROW):
        html, _ = HTMLExporter(theme=theme).from_notebook_node(book)
        written.write_text(html, encoding="utf-8")
        page.set_viewport_size(size)
        page.goto(written.as_uri(), wait_until="domcontentloaded")
        assert violations(page, CELLS, ON_PAGES)[0] == []


def test_faults_are_reported_and_only_what_is_known_is_passed_over(page: Page) -> None:
    page.set_content(FAULTS)
    lines, met = violations(page, CELLS, ON_PAGES)
    rules = sorted(line.split(":")[0] for line in lines)
    assert rules == ["aria-input-field-name", "color-contrast", "empty-table-header", "image-alt"]
    assert "pale" in " ".join(lines)
    assert met == {"color-contrast"}


def test_what_is_passed_over_is_still_wrong(page: Page, tmp_path: Path) -> None:
    html, _ = HTMLExporter().from_filename(str(NOTEBOOKS / "00_start_here.ipynb"))
    written = tmp_path / "lesson.html"
    written.write_text(html, encoding="utf-8")
    page.goto(written.as_uri(), wait_until="domcontentloaded")
    assert violations(page, CELLS, ON_PAGES)[1] == set(ON_PAGES)
