"""Calling a learner's function of K, y and one number, and saying in words where it goes wrong."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernelfit.exercises.engine import AnswerError, incorrect, not_attempted, quoted, words_of

Array = NDArray[np.float64]


def called(answer: Any, K: Array, y: Array, number: float, where: str) -> Any:
    """What the function returns; a Feedback where it returns nothing yet, raises or changes K or y.

    ``where`` begins the sentence: "For a K of 5 points and ridge 2 your function".
    """
    given = K.copy(), y.copy()
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            said = answer(*given, number)
        except (Exception, SystemExit) as problem:
            return incorrect(f"{where} raises {words_of(problem)}.")
    if said is ... or said is None:
        return not_attempted("The function returns nothing yet.")
    if not (np.array_equal(given[0], K) and np.array_equal(given[1], y)):
        return incorrect(
            f"{where} changes its {'K' if np.array_equal(given[1], y) else 'y'}. Whoever calls it "
            f"needs the numbers again: work on a copy."
        )
    return said


def must_be_callable(answer: Any) -> None:
    """Refuse what is no function."""
    if not callable(answer):
        raise AnswerError(f"{quoted(answer)} is not a function. Give the function itself.")
