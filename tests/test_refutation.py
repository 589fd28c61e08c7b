"""Counter-examples are found where a formula is no kernel, and never where it is one."""

import dataclasses
import random
from fractions import Fraction

import pytest
import sympy as sp
from sympy import (
    Abs,
    Interval,
    Max,
    Min,
    Piecewise,
    Rational,
    S,
    cos,
    cosh,
    exp,
    log,
    pi,
    sin,
    sqrt,
    tanh,
)

from kernelfit.proofs.budget import Budget
from kernelfit.proofs.enclosure import Undefined
from kernelfit.proofs.points import Ground, simplest
from kernelfit.proofs.refutation import (
    Asymmetry,
    NegativeForm,
    from_coefficients,
    quickly,
    refute,
)

x, z = sp.symbols("x z", real=True)
r = x - z
half = Rational(1, 2)
R, Z, N, POSITIVE = S.Reals, S.Integers, S.Naturals0, Interval(0, sp.oo)
delta = sp.KroneckerDelta(x, z)
box = Piecewise((1, Abs(r) <= 1), (0, True))
epanechnikov = Max(0, 1 - r**2)

NO_KERNELS = [  # mathematics.md, S14, S15 and S15b; then others; and how many points suffice
    (Abs(r), R, 2),
    (-(r**2), R, 2),
    (1 + r**2, R, 2),
    (x + z, R, 1),
    (x + z, POSITIVE, 2),
    (tanh(x * z), R, 2),
    (tanh(x * z), Interval(Rational(1, 10**4), Rational(2, 10**4)), 2),
    (tanh(x * z + log(2)), R, 2),
    (tanh(x * z - 1), R, 1),
    (delta - half, R, 3),
    (x * z - 1, R, 1),
    (exp(-(Abs(r) ** 3)), R, 3),
    (box, R, 3),
    (epanechnikov, R, 3),
    (Abs(cos(r)), R, 4),
    (Abs(cos(r)), Interval(0, pi), 4),
    (sqrt(1 + x * z), POSITIVE, 3),
    (Min(x * z, 1), R, 2),
    (Min(x * z, 1), POSITIVE, 2),
    (cos(x + z), R, 1),
    (1 - Abs(r), R, 2),
    (1 - Abs(r), Interval(0, 3), 2),
    (1 - Abs(r), Interval(0, Rational(201, 100)), 2),
    (exp(-Abs(r)) - Rational(3, 4) * exp(-2 * Abs(r)), R, 2),
    (exp(-(r**2) / 2) - exp(-(r**2) / 18) / 2, R, 13),
    (Max(x, z), POSITIVE, 2),
    (cos(x * z), R, 1),
    (Abs(x) + Abs(z) - Abs(r) ** 2, R, 2),
    (exp(-(r**4)), R, 3),
    (1 / (1 + r**4), R, 3),
    (exp(-(Abs(r) ** Rational("2.001"))), R, 3),
    (exp(-(Abs(r) ** Rational("2.01"))), R, 3),
    (exp(-(Abs(r) ** Rational("2.1"))), R, 3),
    (exp(-(Abs(r) ** Rational("2.5"))), R, 3),
    (exp(-(Abs(r) ** Rational("2.5"))), Interval(0, Rational(1, 10)), 3),
    (cosh(r), R, 2),
    (log(1 + x * z), POSITIVE, 2),
    (1 / (1 + x * z), POSITIVE, 2),
    (1 / (1 + exp(-x * z)), R, 2),
    (sqrt(1 + x**2 + z**2), R, 2),
    (2 ** (-x * z), R, 2),
    (exp(x * z) - Rational(101, 100) * (x * z) ** 6 / 720, R, 7),
    ((1 + x * z) ** 5 - Rational(1001, 100) * (x * z) ** 3, R, 6),
    (1 + x * z + (x * z) ** 2 - (x * z) ** 3 / 10**6, Interval(0, 1), 4),
    (x * z - delta / 100, Z, 1),
    ((-1) ** r - half, Z, 2),
    (Min(x, z) - x * z, Interval(0, 2), 1),
    (x * z - 1, Interval(1, Rational(3, 2)), 2),
    (x * z - 1, Interval(-sp.oo, -sqrt(2)), 2),
    (delta * (1 - 2 * exp(-(10**6) * (x - sqrt(3) + 1) ** 2)), R, 1),  # a narrow dip
    (delta * (1 - log(2 + x**2) ** 2 / 900), R, 1),  # far out
    pytest.param(Max(0, 1 - Abs(r)) ** 2 * (1 + 2 * Abs(r)), R, 5, marks=pytest.mark.slow),
    pytest.param(exp(-(r**2) / 2) + (sin(x) + sin(z)) / 10, R, 10, marks=pytest.mark.slow),
]

KERNELS = [
    (exp(-(Abs(r) ** 3)), Z),
    (epanechnikov, Z),
    (box, Interval(0, 1)),
    (Min(x * z, 1), N),
    (Abs(cos(r)), Interval(0, pi / 2)),
    (1 - Abs(r), Interval(0, 2)),
    (exp(x * z), Interval(20, 25)),
    ((1 + x * z) ** 2, Interval(1900, 2020)),
    (Min(x, z), POSITIVE),
    (1 / (1 - x * z), Interval.open(-1, 1)),
    (exp(-(r**2) / 2), R),
    (exp(-(r**2) / 2), Interval(1, Rational(101, 100))),
    (exp(x * z), R),
    ((1 + x * z) ** 30, R),
    (exp(-Abs(r)), R),
    (exp(-(Abs(r) ** Rational(3, 2))), R),
    (exp(-Abs(r)) - exp(-2 * Abs(r)) / 2, R),
    (1 / (1 + r**2), R),
    (cos(r), R),
    (exp(-2 * sin(r) ** 2), R),
    (delta, R),
    ((x - Rational(1, 3)) * (z - Rational(1, 3)), R),
    ((1 + x * z) ** 2 - (1 + x**2 * z**2), R),
    (exp(x * z) - 1 - x * z, R),
    (exp(x + z), R),
    ((Abs(x) + Abs(z) - Abs(r)) / 2, R),
    (Min(x, z) - x * z, Interval(0, 1)),
    (Min(x, z) / Max(x, z), Interval.open(0, sp.oo)),
    (1 / (1 + x + z), N),
    (cos(sqrt(2) * r) + cos(pi * r), R),
    (S.One, R),
    (x * z, Interval(sqrt(2), pi)),
    (tanh(1) * x * z, R),
]
QUICK = 7  # of the kernels are in the fast suite


def refuted(expression, domain):
    found = refute(expression, x, z, domain, Budget())
    if found is not None:
        assert found.verify(expression, x, z, domain)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("expression", "domain", "most"), NO_KERNELS, ids=str)
def test_a_formula_that_is_no_kernel_is_refuted_by_few_points(expression, domain, most):
    found = refuted(expression, domain)
    assert isinstance(found, NegativeForm)
    assert len(found.points) <= most


@pytest.mark.parametrize(
    ("expression", "domain"),
    [pytest.param(*k, marks=pytest.mark.slow if i >= QUICK else ()) for i, k in enumerate(KERNELS)],
    ids=str,
)
def test_a_kernel_is_never_refuted(expression, domain):
    budget, undefined_at = Budget(), []
    assert refute(expression, x, z, domain, budget, undefined_at) is None
    assert undefined_at == []
    assert budget.left >= 0  # the search came to its end


@pytest.mark.slow
def test_rounding_is_no_refutation():
    zero = sqrt(2) + sqrt(3) - sqrt(5 + 2 * sqrt(6))  # some digits say -10^-60
    for k in (zero * x * z, zero + x * z):
        assert refute(k, x, z, Interval(0, 1), Budget()) is None


SIGMOID_DOMAINS = [
    R,
    Z,
    Interval(1, Rational(101, 100)),
    POSITIVE,
    N,
    Interval(0, 1),
    Interval(-half, half),
    Interval(100, 101),
    Interval.open(sqrt(2), pi / 2),
]


def sigmoids():
    """Pairs (a, b), the extreme ones first."""
    chance = random.Random(20)
    pairs = [
        (Rational(10) ** e * sign, b)
        for b in (Rational(20), Rational(0), Rational(-20))
        for e in (9, -9, 0)
        for sign in (1, -1)
    ]
    while len(pairs) < 60:
        size = Rational(10) ** chance.randint(-6, 6)
        a = Rational(chance.randint(-1000, 1000), chance.randint(1, 1000)) * size
        pairs.append((a, Rational(chance.randint(-2000, 2000), 100)))
    return [(a, b) for a, b in pairs if a != 0 or b < 0]


@pytest.mark.slow
@pytest.mark.parametrize("domain", SIGMOID_DOMAINS[:3], ids=str)
def test_every_sigmoid_is_refuted(domain):
    """It is a kernel for a = 0, b >= 0 only (mathematics.md, S15 (ii))."""
    for a, b in sigmoids()[:6]:
        assert refuted(tanh(a * x * z + b), domain) is not None, (a, b)


@pytest.mark.slow
@pytest.mark.parametrize("domain", SIGMOID_DOMAINS, ids=str)
def test_every_sigmoid_is_refuted_at_length(domain):
    for a, b in sigmoids():
        assert refuted(tanh(a * x * z + b), domain) is not None, (a, b)


@pytest.mark.parametrize("expression", [exp(-(r**4)), 1 - Abs(r), tanh(x * z + 3), Abs(cos(r))])
def test_the_same_question_has_the_same_answer(expression):
    assert refuted(expression, R) == refuted(expression, R)


def test_simple_points_and_weights_are_preferred():
    found = refuted(exp(-(r**4)), R)
    assert found.points == (-1, -half, 0)
    assert found.weights == (1, -1, 1)
    assert refuted(Min(x * z, 1), POSITIVE).weights == (1, -1)
    assert refuted(epanechnikov, R).points == (0, half, 1)


def test_points_lie_in_the_domain():
    assert all(p.is_Integer for p in refuted(x * z - 7, Z).points)
    small = Interval.open(0, Rational(1, 100))
    assert all(0 < p < Rational(1, 100) for p in refuted(-x * z, small).points)


@pytest.mark.parametrize("expression", [1 + x - z, x**2 * z, sp.Heaviside(r), 1 / r])
def test_a_formula_that_is_not_symmetric_is_refuted_by_a_pair(expression):
    found = quickly(expression, x, z, R, Budget())
    assert isinstance(found, Asymmetry)
    assert found.verify(expression, x, z, R)


def test_a_symmetric_formula_may_look_as_if_it_were_not():
    assert quickly((x - z) ** 2 + cos(r) + 2 * x * z - x**2 - z**2, x, z, R, Budget()) is None
    hidden = sin(r) ** 2 + cos(z - x) ** 2
    assert quickly(hidden, x, z, R, Budget()) is None


def test_the_quick_search_is_cheap():
    budget = Budget()
    assert quickly(exp(-(r**2)), x, z, R, budget) is None
    assert budget.left > 3900


def test_a_search_ends_when_the_budget_does():
    budget = Budget(0.01)
    assert refute(exp(-(r**2)), x, z, R, budget) is None
    assert budget.left < 0


@pytest.mark.parametrize(
    ("expression", "domain", "pair"),
    [(1 / (x * z), R, (0, 0)), (sin(r) / r, R, (0, 0)), (sqrt(x) * sqrt(z), R, (1, -1))],
)
def test_where_a_formula_has_no_value_is_told(expression, domain, pair):
    undefined_at = []
    assert refute(expression, x, z, domain, Budget(), undefined_at) is None
    assert undefined_at[0] == pair


def test_a_formula_with_complex_values_is_undefined_there():
    undefined_at = []
    refute(Min(1, log(x * z)), x, z, R, Budget(), undefined_at)
    assert undefined_at


def test_nothing_is_found_where_nothing_could_be_confirmed():
    f = sp.Function("f")
    assert refute(-f(x) * f(z), x, z, R, Budget()) is None
    assert refute(-sp.Symbol("a") * x * z, x, z, R, Budget()) is None
    assert refute(sp.besselj(0, x + z), x, z, R, Budget()) is None


# A polynomial is refuted from its matrix of coefficients


@pytest.mark.parametrize("domain", [R, POSITIVE, Z, N, Interval(1, 2), Interval.open(0, sqrt(2))])
def test_the_form_is_that_of_the_coefficients(domain):
    tiny = Rational(1, 10**80)
    k = 1 + (x * z) ** 2 - tiny * (x * z) ** 4 + tiny**2 * (x * z) ** 5
    v = [0, 0, 0, 0, 1, 0]
    form = from_coefficients(k, x, z, domain, v)
    assert form.verify(k, x, z, domain)
    if domain.is_subset(Interval(0, 2)):  # elsewhere two far points are seen to suffice
        assert form.value == -tiny


@pytest.mark.parametrize("v", [[1, 1], [1, 0]])
def test_a_direction_that_is_not_negative_is_refused(v):
    with pytest.raises(ValueError, match="not negative"):
        from_coefficients(x * z, x, z, R, v)


# A refutation verifies itself


@pytest.fixture
def form():
    gram = sp.ImmutableMatrix([[0, 1], [1, 0]])
    return NegativeForm((S.Zero, S.One), (S.One, S.NegativeOne), gram, sp.Integer(-2))


def test_the_example_of_the_book_holds(form):
    assert form.verify(Abs(r), x, z, R)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"weights": (sp.Integer(2), S.NegativeOne)}, "the form is -4, not -2"),
        ({"weights": (S.One,)}, "do not match"),
        ({"weights": (S.One, -sqrt(1 + sp.E))}, "not rational"),
        ({"gram": sp.ImmutableMatrix([[0, 1], [1, -1]])}, "-1 in place of 0"),
        ({"points": (S.Zero, S.Half)}, "in place of 1/2"),
        ({"points": (S.Zero, S.Zero)}, "not shown to be different"),
        ({"points": (S.Zero, sp.I)}, "does not belong"),
        ({"value": sp.Integer(-3)}, "the form is -2, not -3"),
    ],
)
def test_what_was_tampered_with_is_caught(form, change, complaint):
    with pytest.raises(ValueError, match=complaint):
        dataclasses.replace(form, **change).verify(Abs(r), x, z, R)


def test_a_point_outside_of_the_domain_is_caught(form):
    with pytest.raises(ValueError, match="1 does not belong"):
        form.verify(Abs(r), x, z, Interval.Ropen(0, 1))


def test_a_form_that_is_not_negative_is_caught(form):
    positive = dataclasses.replace(form, weights=(S.One, S.One), value=sp.Integer(2))
    with pytest.raises(ValueError, match="not shown to be negative"):
        positive.verify(Abs(r), x, z, R)


def test_a_form_with_an_undefined_entry_is_caught(form):
    with pytest.raises(Undefined):  # at 0, 0 the roots cancel, and yet they are none
        form.verify(Abs(r) + sqrt(x - 2) - sqrt(z - 2), x, z, R)


def test_a_pair_that_was_tampered_with_is_caught():
    good = Asymmetry((S.Zero, S.One), (S.Zero, sp.Integer(2)))
    assert good.verify(1 + x - z, x, z, R)
    with pytest.raises(ValueError, match="the values are"):
        dataclasses.replace(good, values=(S.One, sp.Integer(2))).verify(1 + x - z, x, z, R)
    with pytest.raises(ValueError, match="not shown to be different"):
        Asymmetry((S.Zero, S.One), (S.One, S.One)).verify(1 + r**2 - Abs(r), x, z, R)
    with pytest.raises(ValueError, match="does not belong"):
        good.verify(1 + x - z, x, z, Interval.Ropen(0, 1))


def test_the_simplest_fraction_of_an_interval():
    assert simplest(Fraction(1, 3), Fraction(1, 2)) == Fraction(1, 2)
    assert simplest(Fraction("3.14"), Fraction("3.15")) == Fraction(22, 7)
    assert simplest(Fraction(-1, 2), Fraction(-1, 3)) == Fraction(-1, 2)
    assert simplest(Fraction(-1, 2), Fraction(1, 3)) == 0


@pytest.mark.parametrize(
    "domain",
    [R, Z, N, POSITIVE, Interval.open(0, 1), Interval(sqrt(2), pi), Interval.Lopen(-sp.oo, 3)],
)
def test_membership_is_that_of_sympy(domain):
    ground = Ground(domain)
    for point in (0, 1, 3, 4, -1, half, Rational(31, 10), sqrt(2), pi, sqrt(3)):
        point = sp.sympify(point)
        assert ground.has(point) == (domain.contains(point) == sp.true)
