"""What Python cannot say by itself where it runs in a browser.

WebAssembly has no flags that tell of a floating-point error. numpy learns from them that a matrix
is singular, and gives ``nan`` without them where it raises everywhere else. There are no threads
either, of which tqdm complains.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

REFUSALS = {
    "cholesky": "Matrix is not positive definite",
    "inv": "Singular matrix",
    "solve": "Singular matrix",
}


def speak_up() -> None:
    """In a browser: let numpy raise LinAlgError as it does elsewhere, and tqdm be silent."""
    if sys.platform == "emscripten":
        warnings.filterwarnings("ignore", "tqdm:disabling monitor support")
        for name, words in REFUSALS.items():
            setattr(np.linalg, name, raising(getattr(np.linalg, name), words))


def raising(function: Callable[..., Any], words: str) -> Callable[..., Any]:
    """The function, with LinAlgError in place of a result of which nothing is a number."""

    @wraps(function)
    def checked(a: Any, *others: Any, **options: Any) -> Any:
        result = function(a, *others, **options)
        nothing = np.size(result) > 0 and np.isnan(result).all()
        if nothing and all(np.isfinite(given).all() for given in (a, *others)):
            raise np.linalg.LinAlgError(words)
        return result

    return checked
