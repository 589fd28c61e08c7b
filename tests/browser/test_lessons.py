"""Every lesson in real JupyterLab: run it, move all that moves, and nothing may go wrong.

With KERNELFIT_SCREENSHOTS=FOLDER each view is also photographed: wide, narrow and dark.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from accessibility import IN_JUPYTERLAB, violations
from drive import View
from lab import LESSONS, NARROW, SIZE, Notebook

NAMES = [
    pytest.param(path.name, id=f"lesson{path.name[:2]}")
    for path in sorted(LESSONS.glob("[0-9][0-9]_*.ipynb"))
]
OURS = [".jp-RenderedMarkdown", ".jp-OutputArea-output"]
TOO_WIDE = """pictures => pictures.filter(
    (picture) => picture.getBoundingClientRect().right
        > picture.closest(".jp-Cell").getBoundingClientRect().right + 1
).map((picture) => picture.closest(".kf-stage").dataset.view)"""


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_lesson(name: str, open_notebook: Callable[[str], Notebook]) -> None:
    notebook = open_notebook(name)
    page = notebook.page
    stages = page.locator(".kf-stage")
    no_kernel = page.get_by_text("Error displaying widget")
    assert no_kernel.count() == stages.count() == 0  # the stored lesson holds pictures alone

    notebook.run_all()
    assert notebook.problems() == []
    views = [View(stage) for stage in stages.all()]
    code = "".join("".join(cell["source"]) + "\n" for cell in notebook.code_cells())
    assert sorted(view.name for view in views) == sorted(re.findall(r"\bviews\.(\w+)\(", code))

    # The rest of the page is JupyterLab's own.
    for dark in (False, True):
        notebook.dark(dark)
        assert violations(page, OURS, IN_JUPYTERLAB)[0] == []
    notebook.dark(False)

    found = [problem for view in views for problem in view.problems()]
    assert found + notebook.problems() == []

    page.set_viewport_size(NARROW)
    for view in views:
        view.rest()
    too_wide = page.locator(".kf-picture").evaluate_all(TOO_WIDE)
    page.set_viewport_size(SIZE)
    assert too_wide == []
    assert notebook.problems() == []

    if folder := os.environ.get("KERNELFIT_SCREENSHOTS"):
        notebook.screenshots(Path(folder))


@pytest.mark.browser
@pytest.mark.skipif("KERNELFIT_LESSONS" not in os.environ, reason="for the files for Colab")
def test_the_package_is_nowhere_but_in_the_lessons(tmp_path: Path) -> None:
    code = "import importlib.util; print(importlib.util.find_spec('kernelfit'))"
    printed = subprocess.check_output([sys.executable, "-c", code], cwd=tmp_path, text=True)
    assert printed == "None\n"
