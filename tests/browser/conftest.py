"""One JupyterLab for all browser tests, one browser a file, one kernel a notebook."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from lab import LESSONS, SIZE, Lab, Notebook, browser, path_of_browser
from playwright.sync_api import BrowserContext, Error


@pytest.fixture(scope="session")
def browser_path() -> str:
    return path_of_browser()


@pytest.fixture(scope="session")
def lab(browser_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lessons")
    for lesson in LESSONS.glob("*.ipynb"):
        shutil.copy(lesson, folder)
    server = Lab(folder, tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


# Not for the whole session: as long as Playwright runs, no other test can use asyncio.run.
@pytest.fixture(scope="module")
def context(browser_path: str, lab: Lab) -> Iterator[BrowserContext]:
    with browser(browser_path) as chromium:
        yield chromium.new_context(viewport=SIZE)


@pytest.fixture(scope="module")
def open_notebook(lab: Lab, context: BrowserContext) -> Iterator[Callable[[str], Notebook]]:
    """Open a notebook of the lab's folder; the one that was open before is closed."""
    now_open: list[Notebook] = []

    def close() -> None:
        while now_open:
            now_open.pop().close()

    def open_another(name: str) -> Notebook:
        close()
        now_open.append(Notebook(lab, context.new_page(), name))
        now_open[0].open()
        return now_open[0]

    yield open_another
    close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    """With a failure show what the server said, and how the page looked."""
    report = yield
    known = getattr(item, "funcargs", {})
    if report.failed and "lab" in known:
        report.sections.append(("JupyterLab's log", known["lab"].log()))
        for number, page in enumerate(known["context"].pages if "context" in known else []):
            with suppress(Error):
                path = known["lab"].work / f"{item.name}-{number}.png"
                page.screenshot(path=path)
                report.sections.append(("The page", f"as a picture: {path}"))
    return report
