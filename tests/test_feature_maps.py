"""Symmetric matrices taken apart exactly: into squares, or with a direction that is negative."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from kernelfit.proofs.feature_maps import ldl, negative_direction

WHOLE = st.integers(-3, 3)


@st.composite
def symmetric(draw: st.DrawFn) -> sp.Matrix:
    m = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(WHOLE, min_size=m, max_size=m), min_size=m, max_size=m))
    return sp.Matrix(m, m, lambda i, j: rows[min(i, j)][max(i, j)])


@given(symmetric())
def test_either_squares_or_a_negative_direction(M: sp.Matrix) -> None:
    squares, v = ldl(M), negative_direction(M)
    assert (squares is None) == (v is not None)
    if squares is None:
        assert (sp.Matrix(v).T * M * sp.Matrix(v))[0] < 0
    else:
        weights, columns = squares
        assert min(weights, default=1) > 0
        assert columns * sp.diag(*weights) * columns.T == M if weights else M.is_zero_matrix


@pytest.mark.parametrize(
    ("M", "negative"),
    [
        ([[0, 1], [1, 0]], True),  # nothing negative on the diagonal, and something beside a 0
        ([[0, 0], [0, 0]], False),
        ([[1, 0], [0, 0]], False),
        ([[1, 1, 0], [1, 1, 1], [0, 1, 0]], True),  # the 0 comes up when the first is taken off
    ],
)
def test_zeros_on_the_diagonal(M: list[list[int]], negative: bool) -> None:
    found = negative_direction(sp.Matrix(M))
    assert (found is not None) == negative
    assert (ldl(sp.Matrix(M)) is None) == negative
