"""What guards the stored lessons must be seen to catch: a wrong number, an error in a view."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

VIEW_THAT_BREAKS = """
from kernelfit import views

class Broken(views.bell):
    def draw(self, moving, result):
        raise ZeroDivisionError("this view is broken")

Broken()
"""


def nbval(folder: Path, source: str, stored: str) -> subprocess.CompletedProcess[str]:
    """Run nbval on a notebook of one cell, with the text that is stored as its output."""
    cell = nbformat.v4.new_code_cell(source.strip(), execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=stored)]
    path = folder / "one_cell.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", str(path)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "stored", "code"),
    [
        pytest.param("print(f'{41.9:.1f}')", "41.9\n", 0, id="right"),
        pytest.param("print(f'{41.9:.1f}')", "41.8\n", 1, id="wrong number"),
        pytest.param(VIEW_THAT_BREAKS, "", 1, id="broken view"),
    ],
)
def test_nbval_fails_where_the_stored_lesson_is_wrong(
    tmp_path: Path, source: str, stored: str, code: int
) -> None:
    run = nbval(tmp_path, source, stored)
    assert run.returncode == code, run.stdout
    if code:
        assert ("41.8" in run.stdout) or ("this view is broken" in run.stdout)
