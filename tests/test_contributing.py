"""The examples of CONTRIBUTING.md and the pattern of a lesson do what the page says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
import test_exercises
import test_notebooks
import test_views

from kernelfit import views
from kernelfit.exercises.engine import Exercise
from tools.notebooks import PATTERN, clean, execute

PAGE = Path(__file__).resolve().parent.parent / "CONTRIBUTING.md"
LESSON = "01_the_pattern.ipynb"  # it asks the exercises of lesson 01


def rules_of(module: Any, *every: list[Any]) -> list[Any]:
    """The tests of a battery that are tried with each name of one of these lists."""
    tests = [value for key, value in vars(module).items() if key.startswith("test_")]
    return [
        test
        for test in tests
        for mark in getattr(test, "pytestmark", [])
        if mark.name == "parametrize"
        if any(mark.args == ("name", names) for names in every)
        if test.__code__.co_argcount == 1
    ]


BOOK_RULES = rules_of(test_notebooks, test_notebooks.ALL, test_notebooks.LESSONS)


BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
# The batteries of kernels look for every kernel there is, so that of the page gets a process.
KERNEL = [block for block in BLOCKS if "Wave" in block]
KERNEL_CHECKS = """
from kernelfit.proofs import decide
from kernelfit.symbolic import expression

k, points = Wave(), np.linspace(-3.0, 4.0, 30)
assert repr(k) == "Wave()"
assert k._repr_latex_() == r"$\\displaystyle k(x, z) = \\cos(x - z)$"
K = k.gram(points)
assert np.abs(K - np.cos(points[:, None] - points)).max() < 1e-15
assert np.linalg.eigvalsh(K).min() > -1e-12
x, z = sp.symbols("x z", real=True)
assert abs(expression(k, x, z).subs({x: points[3], z: points[7]}) - K[3, 7]) < 1e-14
verdict = decide(k)
assert verdict.is_kernel and verdict.verify()
"""


@pytest.fixture(scope="module")
def examples() -> dict[str, Any]:
    """What the Python of the page defines, in its order."""
    defined: dict[str, Any] = {"__name__": "kernelfit.views.contributed"}
    for code in BLOCKS:
        if code not in KERNEL:
            exec(compile(code, str(PAGE), "exec"), defined)
    return defined


@pytest.mark.slow
@pytest.mark.parametrize(
    "rule", rules_of(test_views, test_views.NAMES), ids=lambda rule: rule.__name__
)
def test_the_view_passes_the_battery(
    rule: Any, examples: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(views.ALL, "tilted_line", examples["TiltedLine"])
    rule("tilted_line")


@pytest.mark.parametrize(
    "rule", rules_of(test_exercises, test_exercises.ALL), ids=lambda rule: rule.__name__
)
def test_the_exercise_passes_the_battery(
    rule: Any, examples: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(examples["q1"], Exercise)
    monkeypatch.setitem(test_exercises.EXERCISES, "lesson16.q1", examples["q1"])
    monkeypatch.setitem(test_exercises.CASES, "lesson16.q1", examples["CASES"]["q1"])
    rule("lesson16.q1")


def test_the_kernel_is_one() -> None:
    assert len(KERNEL) == 3
    code = "\n".join([*KERNEL, KERNEL_CHECKS])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("rule", BOOK_RULES, ids=lambda rule: rule.__name__)
def test_the_pattern_keeps_the_rules_of_a_lesson(
    rule: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = nbformat.read(PATTERN, as_version=4)
    monkeypatch.setitem(test_notebooks.BOOKS, LESSON, book)
    rule(LESSON)


@pytest.mark.slow
def test_the_pattern_is_stored_as_it_runs() -> None:
    book = nbformat.read(PATTERN, as_version=4)
    again = clean(execute(book, PATTERN.parent), book)

    def texts(lesson: nbformat.NotebookNode) -> list[Any]:
        outputs = [output for cell in lesson.cells for output in cell.get("outputs", [])]
        return [output.get("text") or output.data.get("text/plain") for output in outputs]

    assert texts(again) == texts(book)
