"""Arithmetic with twice the digits, against rational arithmetic."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernelfit._twofold import Twofold, product, total, two_product, two_sum

# Squares and quotients of these neither overflow nor lose bits below the smallest float.
sizes = st.floats(1e-70, 1e70) | st.floats(-1e70, -1e-70)
numbers = sizes | st.just(0.0) | st.integers(-10, 10).map(float)
few = settings(max_examples=300, deadline=None)


def pair(high, share):
    """A float and what a sum would leave over: at most half a unit in its last place."""
    return Twofold(high, float(np.spacing(abs(high))) / 2 * share if high else 0.0)


pairs = st.builds(pair, numbers, st.floats(-0.99, 0.99))


def exact(t):
    return Fraction(float(t.high)) + Fraction(float(t.low))


def is_normal(t):
    """``high`` alone is the float nearest to the pair."""
    return t.high + t.low == t.high


# Nothing is lost


@few
@given(a=st.floats(-1e300, 1e300), b=st.floats(-1e300, 1e300))
def test_a_sum_and_what_it_dropped(a, b):
    both, lost = two_sum(a, b)
    assert both == a + b
    assert Fraction(both) + Fraction(lost) == Fraction(a) + Fraction(b)


@few
@given(a=numbers, b=numbers)
def test_a_product_and_what_it_dropped(a, b):
    both, lost = two_product(a, b)
    assert both == a * b
    assert Fraction(both) + Fraction(lost) == Fraction(a) * Fraction(b)


@few
@given(a=numbers, b=numbers)
def test_the_difference_of_products_that_cancel(a, b):
    """a b - fl(a b) is all rounding, and comes out exactly."""
    difference = product(a, b) - Twofold(a * b, 0.0)
    assert exact(difference) == Fraction(a) * Fraction(b) - Fraction(a * b)


# About 32 digits


@few
@given(a=pairs, b=pairs)
def test_sums_and_differences(a, b):
    room = (abs(exact(a)) + abs(exact(b))) / 10**30
    assert abs(exact(a + b) - (exact(a) + exact(b))) <= room
    assert abs(exact(a - b) - (exact(a) - exact(b))) <= room
    assert is_normal(a + b)
    assert is_normal(a - b)


@few
@given(a=pairs, b=pairs)
def test_products_and_quotients(a, b):
    expected = exact(a) * exact(b)
    assert abs(exact(a * b) - expected) <= abs(expected) / 10**30
    assert is_normal(a * b)
    if b.high:
        expected = exact(a) / exact(b)
        assert abs(exact(a / b) - expected) <= abs(expected) / 10**30
        assert is_normal(a / b)


@few
@given(a=pairs, b=pairs)
def test_the_way_there_and_back(a, b):
    if b.high:
        assert abs(exact(a * b / b) - exact(a)) <= abs(exact(a)) / 10**30
    assert abs(exact(a + b - b) - exact(a)) <= (abs(exact(a)) + 2 * abs(exact(b))) / 10**30
    assert exact(a - a) == 0


def test_a_third_has_32_digits():
    third = Twofold(1.0, 0.0) / Twofold(3.0, 0.0)
    assert abs(exact(third) - Fraction(1, 3)) < Fraction(1, 10**32)
    assert third.high == 1 / 3


# Sums of many


@pytest.mark.slow
@few
@given(values=st.lists(numbers, min_size=1, max_size=50))
def test_a_total(values):
    found = total(np.array(values), axis=0)
    size = sum(abs(Fraction(v)) for v in values)
    assert abs(exact(found) - sum(map(Fraction, values))) <= size / 10**28
    assert is_normal(found)


@pytest.mark.slow
@few
@given(values=st.lists(numbers, min_size=1, max_size=25), tiny=numbers)
def test_a_total_in_which_nearly_everything_cancels(values, tiny):
    terms = np.array([*values, tiny, *(-v for v in reversed(values))])
    found = total(terms, axis=0)
    size = sum(abs(Fraction(v)) for v in terms)
    assert abs(exact(found) - Fraction(tiny)) <= size / 10**28


def test_a_total_of_many():
    rng = np.random.default_rng(0)
    values = rng.normal(size=100_000) * 10.0 ** rng.integers(-8, 9, size=100_000)
    found = total(values, axis=0)
    assert found.high == math.fsum(values)
    room = Fraction(float(np.abs(values).sum())) / 10**24
    assert abs(exact(found) - sum(map(Fraction, values.tolist()))) < room


def test_a_total_of_nothing_but_zeros():
    assert exact(total(np.zeros(5), axis=0)) == 0


@pytest.mark.parametrize("axis", [0, 1])
def test_a_total_of_parts(axis):
    """Along the axis the parts follow each other, and each line is summed at its own size."""
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 4, 4)) * 10.0 ** np.array([-50, 0, 3, 50])
    b = b if axis == 0 else b.T
    a = a if axis == 0 else a.T
    found = total(a, b, axis=axis)
    lines = np.concatenate([a, b], axis=axis)
    lines = lines.T if axis == 0 else lines
    assert found.high.shape == found.low.shape == (4,)
    for high, low, line in zip(found.high, found.low, lines, strict=True):
        error = Fraction(high) + Fraction(low) - sum(map(Fraction, line.tolist()))
        assert abs(error) < sum(abs(Fraction(v)) for v in line.tolist()) / 10**28


# Shapes


def test_shapes_broadcast():
    rng = np.random.default_rng(2)
    row, column = Twofold(rng.normal(size=3), np.zeros(3)), Twofold(rng.normal(size=(2, 1)), 0.0)
    for result in (row + column, row - column, row * column, row / column):
        assert result.high.shape == result.low.shape == (2, 3)
    one = (row * column)[1, 2]
    expected = Fraction(row.high[2]) * Fraction(column.high[1, 0])
    assert exact(one) == expected
    assert (row * column).total().high.shape == (2,)


def test_each_entry_is_computed_for_itself():
    rng = np.random.default_rng(3)
    a, b = (Twofold(*two_sum(*rng.normal(size=(2, 5)) * [[1], [1e-17]])) for _ in range(2))
    for operation in (Twofold.__add__, Twofold.__sub__, Twofold.__mul__, Twofold.__truediv__):
        together = operation(a, b)
        alone = [operation(a[i], b[i]) for i in range(5)]
        assert together.high.tolist() == [one.high for one in alone]
        assert together.low.tolist() == [one.low for one in alone]


def test_the_operands_are_left_alone():
    a, b = (Twofold(np.full(3, v), np.zeros(3)) for v in (1.5, 0.1))
    for array in (a.high, a.low, b.high, b.low):
        array.setflags(write=False)
    for result in (a + b, a - b, a * b, a / b, a.total()):
        assert not np.shares_memory(result.high, a.high)
    assert a.high.tolist() == [1.5] * 3
