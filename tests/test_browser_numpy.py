"""What kernelfit does in a browser, where numpy cannot tell that a matrix is singular."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from kernelfit._browser import REFUSALS, raising

SINGULAR = {"cholesky": [[1.0, 2.0], [2.0, 1.0]], "inv": [[1.0, 1.0], [1.0, 1.0]]}


def silent(*given: object) -> np.ndarray:
    """As numpy's functions without floating-point flags."""
    return np.full(np.shape(given[-1]), np.nan)


@pytest.mark.parametrize("name", REFUSALS)
def test_the_words_are_numpys_own(name: str) -> None:
    matrix = np.array(SINGULAR.get(name, SINGULAR["inv"]))
    given = (matrix, np.ones(2)) if name == "solve" else (matrix,)
    with pytest.raises(np.linalg.LinAlgError) as elsewhere:
        getattr(np.linalg, name)(*given)
    with pytest.raises(np.linalg.LinAlgError) as here:
        raising(silent, REFUSALS[name])(*given)
    assert str(here.value) == str(elsewhere.value)


def test_what_is_no_refusal_passes() -> None:
    matrix = np.array([[2.0, 1.0], [1.0, 2.0]])
    for name in REFUSALS:
        function = getattr(np.linalg, name)
        given = (matrix, np.ones(2)) if name == "solve" else (matrix,)
        assert np.array_equal(raising(function, "")(*given), function(*given))
    assert np.isnan(raising(silent, "")(np.full((2, 2), np.inf))).all()  # overflow, say
    assert raising(silent, "")(np.empty((0, 0))).shape == (0, 0)
    assert np.isnan(raising(lambda a: np.diag([1.0, np.nan]), "")(matrix)).any()


def test_only_a_browser_needs_it() -> None:
    code = (
        "import sys; sys.platform = '{}'; import numpy as np; before = np.linalg.solve; "
        "import kernelfit; print(np.linalg.solve is before)"
    )
    for platform, untouched in ("emscripten", "False"), (sys.platform, "True"):
        command = [sys.executable, "-c", code.format(platform)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == untouched
