"""The built site and one browser for all of these tests; figures are printed at the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import tasks

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))  # what it knows of pages

from lab import path_of_browser
from pages import Lesson, Site, browser, serve
from playwright.sync_api import BrowserContext, Error
from pyodide_files import pyodide_files

SITE = tasks.ROOT / "build/site"
CACHE = tasks.ROOT / "build/test-site-cache"


@pytest.fixture(scope="session")
def folder() -> Path:
    """The site as it was built last."""
    if not (SITE / "index.html").exists():
        pytest.fail("There is no site in build/site: `make site` builds it.")
    return SITE


@pytest.fixture(scope="session")
def browser_path() -> str:
    return path_of_browser()


@pytest.fixture(scope="session")
def pyodide() -> Path:
    """What the CDN has."""
    return pyodide_files(CACHE)


@pytest.fixture(scope="session")
def site(folder: Path, pyodide: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(folder, pyodide, tmp_path_factory.mktemp("hosts")) as site:
        yield site


@pytest.fixture(scope="module")
def context(
    browser_path: str, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    with browser(browser_path, site, tmp_path_factory.mktemp("profile")) as context:
        yield context


@pytest.fixture
def open_lesson(site: Site, context: BrowserContext) -> Iterator[Callable[[str], Lesson]]:
    """Open a lesson; its page is closed after the test."""
    lessons: list[Lesson] = []

    def open_one(name: str) -> Lesson:
        lessons.append(Lesson(site, context.new_page(), name))
        lessons[-1].open()
        return lessons[-1]

    yield open_one
    for lesson in lessons:
        lesson.close()


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Have a line printed when all is done, in whatever process the test runs."""
    return lambda line: record_property("said", line)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    lines = [
        value
        for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
        for name, value in report.user_properties
        if name == "said" and report.when == "call"
    ]
    if lines:
        terminalreporter.section("The browser edition")
        for line in lines:
            terminalreporter.line(line)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    """With a failure show how the page looked."""
    report = yield
    known = getattr(item, "funcargs", {})
    if report.failed and "context" in known:
        for number, page in enumerate(known["context"].pages):
            with suppress(Error):
                path = Path(known["site"].certificate.key).parent / f"{item.name}-{number}.png"
                page.screenshot(path=path)
                report.sections.append(("The page", f"as a picture: {path}"))
    return report
