"""A plugin of pytest: what coverage.py has seen is saved before a worker says that it is done.

It is saved at the exit otherwise, and pytest-xdist kills a worker that takes long over that: on a
slow machine the half of what was measured was lost (``-p tools.saved``).
"""

from __future__ import annotations

import coverage


def pytest_sessionfinish() -> None:
    if tool := coverage.Coverage.current():
        tool.save()
