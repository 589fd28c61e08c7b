"""PolynomialRegression: identities that every such fit obeys, and its two ways to solve."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
import rational
from fits import close, read_only
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.polynomial import Legendre
from polynomials import any_fit, degrees, error, fit, short_fit, wave

import kernelfit as kf
from kernelfit import polynomial
from kernelfit.polynomial import BLOCK, orthonormal_legendre


def never(*arguments, **options):
    raise AssertionError("this way of solving was not to be taken")


# What least squares means


@degrees
def test_residuals_are_orthogonal_to_all_polynomials_of_the_degree(degree):
    x, y = wave()
    r = fit(degree, x, y).residuals_
    t = (x - 2) / 5
    powers = t ** np.arange(degree + 1)[:, None]
    values = np.array([Legendre.basis(k, [x.min(), x.max()])(x) for k in range(degree + 1)])
    for p in (powers, values, orthonormal_legendre(t, degree)):
        assert np.all(np.abs(p @ r) < 1e-14 * np.linalg.norm(p, axis=1) * np.linalg.norm(y))


@degrees
def test_values_and_residuals_add_up_to_y(degree):
    x, y = wave()
    model = fit(degree, x, y)
    assert np.allclose(model.predict(x) + model.residuals_, y, rtol=0, atol=1e-13)
    assert np.allclose(model.polynomial_(x), model.predict(x), rtol=0, atol=1e-13)
    assert model.score(x, y) == pytest.approx(1 - error(model) / np.sum((y - y.mean()) ** 2))


@degrees
def test_no_neighbour_fits_better(degree):
    x, y = wave()
    model = fit(degree, x, y)
    rng = np.random.default_rng(1)
    for _ in range(20):
        moved = model.polynomial_ + Legendre(
            0.01 * rng.normal(size=degree + 1), model.polynomial_.domain
        )
        assert np.sum((y - moved(x)) ** 2) > error(model)


def test_degree_0_is_the_mean():
    x, y = wave()
    model = fit(0, x, y)
    assert np.allclose(model.predict([-100, 0, 100]), y.mean(), rtol=1e-15, atol=0)
    assert (model.rank_, model.condition_) == (1, 1.0)


@degrees
def test_agrees_with_numpy(degree):
    x, y = wave(n=200)
    peer = Legendre.fit(x, y, degree)
    model = fit(degree, x, y)
    assert np.array_equal(model.polynomial_.domain, peer.domain)
    assert np.allclose(model.polynomial_.coef, peer.coef, rtol=0, atol=1e-13)


@settings(max_examples=100, deadline=None)
@given(
    points=st.lists(st.tuples(*[st.integers(-6, 6)] * 2), min_size=1, max_size=9),
    degree=st.integers(0, 5),
)
def test_small_integer_data_against_rational_arithmetic(points, degree):
    x, y = zip(*points, strict=True)
    model = any_fit(degree, x, y)
    assert model.rank_ == min(len(set(x)), degree + 1)
    settled = model.rank_ - 1
    exact = rational.least_squares([[v**k for k in range(settled + 1)] for v in x], y)
    values = [float(sum(c * v**k for k, c in enumerate(exact))) for v in x]
    assert np.allclose(model.predict(x), values, rtol=0, atol=1e-11)
    assert np.allclose(model.residuals_, np.subtract(y, values), rtol=0, atol=1e-11)
    if model.rank_ > degree:
        powers = [float(c) for c in exact]
        assert np.allclose(model.power_coefficients_, powers, rtol=1e-14, atol=1e-20)


def test_the_condition_is_that_of_the_centred_scaled_columns():
    x, y = wave()
    P = orthonormal_legendre((x - x.min() - (x.max() - x)) / (x.max() - x.min()), 4)[1:].T
    P -= P.mean(axis=0)
    expected = np.linalg.cond(P / np.linalg.norm(P, axis=0))
    assert close(fit(4, x, y).condition_, expected)


def test_the_basis_is_orthonormal():
    t, weights = np.polynomial.legendre.leggauss(20)
    P = orthonormal_legendre(t, 19)
    assert np.allclose(P * weights / 2 @ P.T, np.eye(20), rtol=0, atol=1e-13)
    assert np.allclose(
        P[:, -1],
        np.sqrt(2 * np.arange(20) + 1) * [Legendre.basis(k)(t[-1]) for k in range(20)],
        rtol=1e-12,
        atol=0,
    )


# Properties


@degrees
def test_a_higher_degree_never_fits_worse(degree):
    x, y = wave()
    assert error(fit(degree + 1, x, y)) <= error(fit(degree, x, y)) * (1 + 1e-14)


def test_what_no_degree_can_remove():
    """Cars at equal speed stopped in different distances; a curve has one value for each speed."""
    data = kf.load("stopping_distance")
    groups = [data.y[data.x == speed] for speed in np.unique(data.x)]
    floor = sum(np.sum((group - group.mean()) ** 2) for group in groups)
    assert floor == pytest.approx(405887 / 60, rel=1e-13)  # 6764.78
    errors = [error(any_fit(degree, data.x, data.y)) for degree in range(22)]
    assert all(after <= before + 1e-8 for before, after in itertools.pairwise(errors))
    assert errors[len(groups) - 2] > floor + 1
    assert np.allclose(errors[len(groups) - 1 :], floor, rtol=1e-10, atol=0)


@degrees
@pytest.mark.parametrize(("a", "b"), [(-2, 0), (1, 1000), (1e-200, 0), (-1e200, 0), (1 / 3, 7)])
def test_other_units_of_x_change_nothing_at_the_points(degree, a, b):
    x, y = wave()
    model, moved = fit(degree, x, y), fit(degree, a * x + b, y)
    signs = np.sign(a) ** np.arange(degree + 1)
    assert np.allclose(moved.polynomial_.coef * signs, model.polynomial_.coef, rtol=0, atol=1e-11)
    assert np.allclose(moved.residuals_, model.residuals_, rtol=0, atol=1e-11)
    new = np.linspace(-3, 7, 50)
    assert np.allclose(moved.predict(a * new + b), model.predict(new), rtol=0, atol=1e-10)


@degrees
@pytest.mark.parametrize(("a", "b"), [(0, -2.0), (3, 1), (0, 1e-200), (0, 1e200)])
def test_other_units_of_y_change_the_values_alike(degree, a, b):
    x, y = wave()
    model, moved = fit(degree, x, y), fit(degree, x, a + b * y)
    assert np.allclose((moved.predict(x) - a) / b, model.predict(x), rtol=0, atol=1e-13)
    assert np.allclose(moved.residuals_ / b, model.residuals_, rtol=0, atol=1e-13)
    assert close(moved.condition_, model.condition_, digits=15)


@degrees
def test_years_as_they_are(degree):
    """Trap S5: powers of 1900 to 2020 are all but parallel."""
    years = read_only(np.arange(1900, 2021))
    y = read_only(np.cos(years / 17) + years / 100)
    t = (years - 1960) / 60
    model, scaled = fit(degree, years, y), fit(degree, t, y)
    assert model.rank_ == degree + 1
    assert np.allclose(model.predict(years), scaled.predict(t), rtol=0, atol=1e-13)
    design = orthonormal_legendre(t, degree).T
    peer = design @ np.linalg.lstsq(design, y)[0]
    assert np.allclose(model.predict(years), peer, rtol=0, atol=1e-12)


@pytest.mark.parametrize("offset", [1e8, 1e12, 1e15])
def test_far_from_zero(offset):
    t = np.array([0, 1, 2, 3, 5, 8, 13, 21])
    y = read_only([3, 1, 4, 1, 5, 9, 2, 6])
    far, near = fit(3, read_only(offset + t), y), fit(3, t, y)
    assert np.array_equal(far.polynomial_.coef, near.polynomial_.coef)
    assert np.array_equal(far.residuals_, near.residuals_)
    assert np.array_equal(far.predict(offset + t), near.predict(t))
    exact = rational.least_squares(
        [[Fraction(int(offset + v)) ** k for k in range(4)] for v in t], y
    )
    assert close(far.power_coefficients_, [float(c) for c in exact], digits=14)


@degrees
def test_every_point_twice_and_in_any_order(degree):
    x, y = wave()
    model = fit(degree, x, y)
    order = np.random.default_rng(0).permutation(np.tile(np.arange(40), 2))
    twice = fit(degree, x[order], y[order])
    assert np.allclose(twice.polynomial_.coef, model.polynomial_.coef, rtol=0, atol=1e-12)
    assert np.allclose(twice.residuals_, model.residuals_[order], rtol=0, atol=1e-12)
    assert close(twice.condition_, model.condition_)


# More coefficients than different x


def scattered(seed, n=5):
    """A few different x, some of them several times."""
    rng = np.random.default_rng(seed)
    x = rng.permutation(np.repeat(rng.choice(np.arange(-9, 10), n, replace=False), [3, 1, 2, 1, 1]))
    return read_only(x), read_only(rng.normal(size=len(x)) + 10)


def variation(f):
    """Mean square over the interval of f less its mean, by Gauss's rule, exact to degree 39."""
    t, weights = np.polynomial.legendre.leggauss(40)
    values = Legendre(f.coef)(t)
    return weights @ (values - weights @ values / 2) ** 2 / 2


@pytest.mark.parametrize("degree", [5, 6, 9, 12])
@pytest.mark.parametrize("seed", range(3))
def test_through_the_means_with_the_least_variation(degree, seed):
    x, y = scattered(seed)
    model, message = short_fit(degree, x, y)
    assert "span only 5 dimensions: there are only 5 different x. Many" in message
    assert "take a degree of at most 4, or more points" in message
    assert (model.rank_, model.condition_) == (5, np.inf)
    different = np.unique(x)
    means = [y[x == v].mean() for v in different]
    assert np.allclose(model.predict(different), means, rtol=0, atol=1e-10)

    f = model.polynomial_
    rng = np.random.default_rng(seed)
    vanishing = Legendre.fromroots(different, domain=f.domain)
    for _ in range(5):
        factor = Legendre(rng.normal(size=degree - 4), domain=f.domain)
        other = vanishing * factor
        other *= 1e-3 / np.abs(other.coef).max()
        assert np.allclose((f + other)(different), means, rtol=0, atol=1e-10)
        assert variation(f + other) > variation(f)
        # f plus or minus any such polynomial varies more, alike: neither helps
        assert variation(f + other) == pytest.approx(variation(f - other), rel=1e-10)

    above, _ = short_fit(degree, x, y + 100)
    assert np.allclose(above.polynomial_.coef[1:], f.coef[1:], rtol=0, atol=1e-9)
    assert above.polynomial_.coef[0] == pytest.approx(f.coef[0] + 100, abs=1e-9)


def test_two_different_x_however_often():
    """P_2 is the same at both ends: its column is constant, and rounding must not hide that."""
    for first in range(1, 20):
        for second in range(1, 20):
            x, y = np.repeat([0, 1], [first, second]), np.repeat([1, 2], [first, second])
            model, _ = short_fit(2, x, y)
            assert model.rank_ == 2
            assert np.allclose(model.polynomial_.coef, [1.5, 0.5, 0], rtol=0, atol=1e-13)


@pytest.mark.parametrize("degree", [1, 2, 7])
@pytest.mark.parametrize("x", [[5], [5, 5, 5], [0], [-1e8] * 4, [1e-300], [1.79e308]])
def test_one_x_gives_the_mean(degree, x):
    y = np.arange(1.0, len(x) + 1)
    model, message = short_fit(degree, x, y)
    assert "span only 1 dimension: there is only 1 x. Many" in message
    assert "take a degree of at most 0, or more points" in message
    assert model.rank_ == 1
    assert np.allclose(model.predict([x[0], x[0] / 2]), y.mean(), rtol=1e-14, atol=0)
    assert np.allclose(fit(0, x, y).predict(x), y.mean(), rtol=1e-15, atol=0)


def test_points_too_uneven():
    x = np.array([0, 1e-9, 2e-9, 3e-9, 4e-9, 1, 2])
    model, message = short_fit(4, x, np.arange(7))
    assert model.rank_ == 4
    assert "1, x, ..., x^4 span only 4 dimensions: for degree 4 the points lie too" in message
    assert "lower the degree, or add points where they are sparse" in message
    _, message = short_fit(8, x, np.arange(7))
    assert "too unevenly" in message, "with degree 6, as many as there are x, it would warn again"


@pytest.mark.parametrize(
    ("degree", "powers"), [(1, "1 and x"), (2, "1, x and x²"), (3, "1, x, ..., x^3")]
)
def test_the_warning_names_the_powers(degree, powers):
    assert f"the powers {powers} span only" in short_fit(degree, [1, 1], [1, 2])[1]


# Two ways to solve


@pytest.mark.parametrize("degree", [1, 2, 5, 8])
@pytest.mark.parametrize("shape", ["even", "random", "cluster"])
def test_both_ways_agree(degree, shape, monkeypatch):
    rng = np.random.default_rng(degree)
    x = np.linspace(-1, 1, 12)
    if shape == "random":
        x = rng.uniform(-1, 1, 500)
    elif shape == "cluster":  # thousands at one place outweigh all others
        x = np.r_[x, 0.3 + 1e-9 * rng.uniform(size=50_000)]
    y = rng.normal(size=len(x)) + 100
    by_matrix = fit(degree, x, y)
    monkeypatch.setattr(polynomial, "SAFE_CONDITION", 0)
    by_triangle = fit(degree, x, y)
    assert by_matrix.rank_ == by_triangle.rank_ == degree + 1
    assert close(by_matrix.condition_, by_triangle.condition_, digits=8)
    new = np.linspace(-1, 1, 101)
    expected = by_triangle.predict(new)
    room = 1e-13 * max(by_triangle.condition_, 10) * np.abs(expected).max()
    assert np.allclose(by_matrix.predict(new), expected, rtol=0, atol=room)


def test_even_points_are_solved_by_the_matrix_and_uneven_ones_by_the_triangle(monkeypatch):
    even, uneven = np.linspace(0, 1, 50), np.r_[np.linspace(0, 1e-4, 49), 1]
    monkeypatch.setattr(polynomial, "solve_least_squares", never)
    fit(10, even, even**2)
    with pytest.raises(AssertionError, match="not to be taken"):
        fit(10, uneven, uneven**2)
    with pytest.raises(AssertionError, match="not to be taken"):
        fit(2, np.tile([0, 1], 50), np.arange(100))
    monkeypatch.undo()
    monkeypatch.setattr(polynomial, "_by_gram_matrix", lambda *_: None)
    fit(10, even, even**2)


def test_uneven_points_keep_their_digits():
    x = np.r_[np.linspace(0, 1e-4, 30), 0.5, 1]
    y = np.random.default_rng(0).normal(size=32)
    model = fit(3, read_only(x), read_only(y))
    assert model.condition_ > 1e3
    rows = [[Fraction(v) ** k for k in range(4)] for v in x]
    exact = [float(c) for c in rational.least_squares(rows, y)]
    assert close(model.power_coefficients_, exact, digits=13)


@pytest.mark.parametrize("n", [BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 7])
def test_more_points_than_one_block(n):
    x = np.linspace(1900, 2020, n)
    y = np.exp(x / 100 - 19)
    model = fit(5, x, y)
    peer = Legendre.fit(x, y, 5)
    assert np.allclose(model.polynomial_.coef, peer.coef, rtol=0, atol=1e-13)
    assert np.allclose(model.residuals_, y - peer(x), rtol=0, atol=1e-12)


@degrees
def test_blocks_of_any_size(degree, monkeypatch):
    x, y = wave()
    model = fit(degree, x, y)
    monkeypatch.setattr(polynomial, "BLOCK", 7)
    by_blocks = fit(degree, x, y)
    assert np.allclose(by_blocks.polynomial_.coef, model.polynomial_.coef, rtol=0, atol=1e-13)
    assert np.allclose(by_blocks.residuals_, model.residuals_, rtol=0, atol=1e-13)
