"""The README keeps its word: its code runs, its links lead somewhere, its commands exist."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["README.md", "CONTRIBUTING.md"]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_code_prints_what_its_comments_say() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", text("README.md"), re.S)
    promised = re.findall(r"^print\(.*\)  # (.+)$", code, re.M)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    assert promised
    assert printed.getvalue().splitlines() == promised


@pytest.mark.parametrize("page", PAGES)
def test_links_and_pictures_are_there(page: str) -> None:
    targets = [t for t in re.findall(r"\]\(([^)]+)\)", text(page)) if not t.startswith("http")]
    assert [target for target in targets if not (ROOT / target).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_that_is_named_exists(page: str) -> None:
    targets = {t for t in re.findall(r"\bmake ([a-z-]+)", text(page)) if t != "the"}
    rules = re.findall(r"^([a-z -]+):", text("Makefile"), re.M)
    assert targets
    assert targets <= {target for rule in rules for target in rule.split()}


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page: str) -> None:
    named = re.findall(r"`((?:notebooks|kernelfit|tests)/[\w./]*)`", text(page))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_table_of_lessons_is_the_folder() -> None:
    linked = re.findall(r"\]\(notebooks/(.+?\.ipynb)\)", text("README.md"))
    assert linked == sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
