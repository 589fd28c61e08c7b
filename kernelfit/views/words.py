"""Numbers in the sentences below the pictures: a true minus sign, and never −0.00."""

from __future__ import annotations


def signed(number: float, form: str = ".2f") -> str:
    """The number in a format of Python's, with a minus sign in place of a hyphen."""
    text = format(float(number), form).replace("-", "−")
    return text if any(digit in text for digit in "123456789") else text.lstrip("−")


def sign(number: float) -> str:
    """The sign to write between two terms."""
    return "−" if number < 0 else "+"
