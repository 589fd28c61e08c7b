"""Answers that no exercise may choke on."""

from typing import Any


def raising(*_: Any) -> Any:
    """A learner's function with a mistake in it."""
    raise RuntimeError("my mistake")
