"""The exercise of lesson 00: how a checker answers."""

from __future__ import annotations

from typing import Any

from kernelfit.exercises.compare import number
from kernelfit.exercises.engine import Exercise, Feedback, Progress, correct, incorrect


def _judge_mean(answer: Any) -> Feedback:
    value = number(answer)
    if abs(value - 3) < 1e-9:
        return correct("1 + 2 + 6 is 9, and a third of it is 3.")
    if value == 2:
        return incorrect("2 is the one in the middle. The mean shares the sum out equally.")
    if value == 9:
        return incorrect("9 is the sum. The mean is the sum divided by how many there are.")
    return incorrect(f"Three times {value:g} is {3 * value:g}, and 1 + 2 + 6 is 9.")


q1 = Exercise(
    "Exercise 1",
    _judge_mean,
    hints=[
        "If the three numbers were all the same, with the same sum: which number?",
        "Add them up, and divide by how many there are.",
        "The sum is 9.",
    ],
    solution="3\n(1 + 2 + 6) / 3 = 3.",
    answer=lambda: 3,
)


def progress() -> Progress:
    """How far the exercises of this lesson have come."""
    return Progress((q1,))
