"""A plugin of pytest: coverage.py notes at each line which test runs it (``-p tools.contexts``)."""

from __future__ import annotations

import coverage
import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    if tool := coverage.Coverage.current():
        tool.switch_context(item.nodeid)


def pytest_runtest_teardown(item: pytest.Item) -> None:
    if tool := coverage.Coverage.current():
        tool.switch_context("")
