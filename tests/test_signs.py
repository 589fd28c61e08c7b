"""Signs are exact, and nothing is called proved that a point refutes."""

import itertools

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Abs, Interval, Max, Min, cos, cosh, exp, log, oo, pi, sin, sinh, sqrt, tanh

from kernelfit.proofs.budget import Budget, Exhausted
from kernelfit.proofs.enclosure import Undefined, Unsure, enclose
from kernelfit.proofs.signs import at_least, increasing, is_real_on, range_within, sign_of

x, z, w, n = sp.symbols("x z w n")
R = sp.Rational
TINY = R(1, 10**50)
REALS, HALF_LINE, UNIT = sp.S.Reals, Interval(0, oo), Interval(0, 1)
SQUARE = {x: UNIT, z: UNIT}


def true(expression, domains, strict=False):
    return at_least(expression, 0, domains, strict=strict)


PROVED = [
    (1 - x**2, {x: Interval.open(-1, 1)}, True),
    (1 - x**2, {x: Interval(-1, 1)}, False),
    (1 - x**2 / (1 + x**2), {x: REALS}, True),
    (exp(x), {x: REALS}, True),
    (1 + x**2, {x: REALS}, True),
    (1 - cos(x) ** 2, {x: REALS}, False),
    (1 - tanh(x) ** 2, {x: REALS}, True),
    (1 - x * z, SQUARE, False),
    (1 - Abs(x - z), SQUARE, False),
    (cos(x - z), {x: Interval(0, pi / 2), z: Interval(0, pi / 2)}, False),
    (Min(x * z, 1) - x * z, SQUARE, False),
    (x * z - Min(x * z, 1), SQUARE, False),
    (log(1 + x), {x: HALF_LINE}, False),
    (1 - x**2 * exp(-x), {x: HALF_LINE}, False),
    (1 - x**2 * exp(x), {x: Interval(-oo, 0)}, False),
    (6 / ((1 + w**2) * (4 + w**2)), {w: REALS}, True),
    (w**4 - 3 * w**2 + 3, {w: REALS}, True),
    (exp(-(w**2) / 2) - exp(-(w**2)) / 2, {w: REALS}, False),
    (1 - Abs(x) / (1 + Abs(x)), {x: REALS}, True),
    (2 - x**2, {x: Interval(0, sqrt(2))}, False),
    (2 - x**2, {x: Interval.Ropen(0, sqrt(2))}, True),
    (x**2 - 2, {x: Interval.open(sqrt(2), oo)}, True),
    (x - sin(x), {x: Interval.open(0, oo)}, True),
    (cosh(x) - 1 - x**2 / 2, {x: REALS}, False),
    (sin(x) - 2 * x / pi, {x: Interval(0, pi / 2)}, False),
    (exp(x) - 1 - x, {x: REALS}, False),
    (1 - 2 * sqrt(x) + x, {x: HALF_LINE}, False),
    (1 / (exp(x) - 1) - 1 / x + R(1, 2), {x: Interval.open(0, oo)}, False),
    (x**2 + z**2 - x * z, {x: REALS, z: REALS}, False),
    (x**2 + z**2 - x * z + 1, {x: REALS, z: REALS}, True),
    (cosh(x) * cosh(z) - sinh(x) * sinh(z), {x: REALS, z: REALS}, True),
    (cos(x) * cos(z) + sin(x) * sin(z) + 1, {x: REALS, z: REALS}, False),
    (Max(x, z) - Min(x, z), {x: REALS, z: REALS}, False),
    (Min(x, z) - x * z, SQUARE, False),
    (exp(-Abs(x - z)) - exp(-x - z), {x: HALF_LINE, z: HALF_LINE}, False),
    (sp.Heaviside(x - z) + sp.sign(x) + 1, {x: REALS, z: REALS}, False),
    (sp.Piecewise((x, x < z), (z, True)), SQUARE, False),
    (sp.Piecewise((sqrt(x), x >= 0), (-x, True)), {x: REALS}, False),
    (1 - sp.sinc(x), {x: REALS}, False),
    (2 + (-1) ** n, {n: sp.S.Integers}, True),
    (n**2 - n, {n: sp.S.Integers}, False),
    (n**2 - 3 * n + R(21, 10), {n: sp.S.Naturals0}, True),
    (sp.erf(x) + 1, {x: REALS}, True),
    (2 * exp(-1), {}, True),
    (log(2) - x * (1 - x), {x: UNIT}, True),
]


@pytest.mark.parametrize(("f", "domains", "strict"), PROVED)
def test_proved(f, domains, strict):
    assert true(f, domains, strict)
    assert not true(-f - TINY, domains)


@pytest.mark.parametrize(
    ("f", "domains", "strict"),
    [
        (1 - x**2, {x: Interval(-1, 1)}, True),
        (1 - x**2 - TINY, {x: Interval.open(-1, 1)}, False),
        (2 - x**2, {x: Interval(0, sqrt(2))}, True),
        ((x - R(1, 3)) ** 2, {x: UNIT}, True),
        ((x - R(1, 3)) ** 2 - TINY, {x: UNIT}, False),
        ((x - R(1, 3)) ** 3, {x: UNIT}, False),
        (exp(-(x**2)) - TINY, {x: REALS}, False),
        (x - sin(x), {x: HALF_LINE}, True),
        (x**2 + z**2 - 2 * x * z, {x: REALS, z: REALS}, True),
        (n**2 - n, {n: sp.S.Integers}, True),
        (1 / x, {x: HALF_LINE}, False),
        (1 / x**2, {x: REALS}, True),
        (sqrt(x) + 2, {x: REALS}, False),
        (log(x) ** 2, {x: HALF_LINE}, False),
        (x**2, {x: sp.S.Complexes}, False),
        (x**2 + z**2, {x: REALS}, False),
        (sp.Function("f")(x) ** 2, {x: REALS}, False),
        (sp.sign(x), {x: HALF_LINE}, True),
        (sp.floor(x) - x, {x: UNIT}, False),
        (sp.Piecewise((1, x > 0)), {x: REALS}, False),
        (oo - x, {x: REALS}, False),
        (Max(x, z) - Min(x, z) - TINY, {x: UNIT, z: Interval(R(1, 2), R(3, 2))}, False),
        (exp(x) + exp(z**2) - 2 - R(1, 1000), SQUARE, False),
        (2 * sp.E - exp(x) - exp(z**2) - R(1, 1000), SQUARE, False),
        (sqrt(log(8) - 3 * log(2) - TINY) + 1, {}, False),
    ],
)
def test_not_proved(f, domains, strict):
    assert not true(f, domains, strict)


def test_a_bound_other_than_zero():
    assert at_least(x**2 - 2 * x, -1, {x: REALS})
    assert not at_least(x**2 - 2 * x, -1, {x: REALS}, strict=True)
    assert at_least(exp(x), sp.E, {x: Interval(1, oo)})


small = st.integers(-4, 4)
ends = st.sampled_from([-oo, R(-2), R(-1), -1 / sp.E, R(0), R(1, 3), sqrt(2), R(2), pi, oo])


@st.composite
def intervals(draw):
    low, high = sorted(draw(st.lists(ends, min_size=2, max_size=2, unique=True)))
    return Interval(low, high, draw(st.booleans()), draw(st.booleans()))


@st.composite
def polynomials(draw, variable=x):
    coefficients = draw(st.lists(small, min_size=1, max_size=5))
    return sum((c * variable**i for i, c in enumerate(coefficients)), sp.Integer(0))


squares = st.builds(lambda p: p**2, polynomials())
compositions = st.builds(
    lambda p, g: p.subs(x, g),
    polynomials() | squares,
    st.sampled_from(
        [exp(x), exp(-(x**2)), cos(x), tanh(x), sqrt(x), Abs(x), x * exp(-x), Max(x, 1)]
    ),
)
fractions_of_polynomials = st.builds(
    lambda p, q: p / (q**2 + 1), polynomials(), polynomials()
) | st.builds(lambda p, q: p / q, polynomials(), polynomials().filter(lambda q: q != 0))
sums = st.builds(lambda f, g: f + g, compositions, compositions)
of_two = st.builds(
    lambda p, g: p.subs(x, g),
    polynomials() | squares,
    st.sampled_from(
        [x * z, x - z, Min(x, z), exp(x - z), cos(x - z), Abs(x - z), x + z**2, x / (1 + z**2)]
    ),
)


EVEN_FACTORS = st.sampled_from([sp.Integer(1), x**2 + 1, x**2 - 2, (x**2 - 2) ** 2])


def points(domain, count=12):
    """Points inside of an interval, many of them near its ends; and the ends that belong to it."""
    low, high = (sp.Rational(sp.N(end, 40)) if end.is_finite else end for end in domain.args[:2])
    steps = [R(1, 10**k) for k in (0, 1, 2, 4, 8)] + [
        R(k, 2 * count + 1) for k in range(1, 2 * count)
    ]
    if low == -oo and high == oo:
        found = [s * t for t in (-1, 1) for s in [*steps, 2, 5, 30]] + [R(0)]
    elif high == oo:
        found = [low + s for s in [*steps, 2, 5, 30]]
    elif low == -oo:
        found = [high - s for s in [*steps, 2, 5, 30]]
    else:
        found = [low + s * (high - low) for s in steps if s < 1]
        found += [high - s * (high - low) for s in steps if s < 1]
    closed = [
        e
        for e, is_open in ((domain.start, domain.left_open), (domain.end, domain.right_open))
        if not is_open
    ]
    return found, closed


def refuted_at(f, place, strict):
    """Whether 40 digits show f < 0, or exact arithmetic f = 0 where f > 0 was claimed."""
    try:
        interval = enclose(f, place, 40)
    except (Unsure, Undefined):
        return False
    return interval.high < 0 or (strict and interval.high == interval.low == 0)


def never_true_against_a_point(f, domain, strict):
    proved = at_least(f, 0, {x: domain}, strict=strict)
    inside, closed = points(domain)
    if proved:
        assert not any(refuted_at(f, {x: p}, strict) for p in inside), (f, domain)
        for end in closed:
            sign = sign_of(f.subs(x, end))
            assert sign in (None, 1) or (sign == 0 and not strict), (f, domain, end)
    return proved


@pytest.mark.slow
@settings(max_examples=35, deadline=None)
@given(st.data(), intervals(), st.booleans())
def test_polynomials_are_decided(data, domain, strict):
    roots = data.draw(st.lists(st.sampled_from([R(-2), R(0), R(1, 3), R(2), R(3)]), max_size=4))
    f = sp.expand(data.draw(small) * sp.prod(x - r for r in roots) * data.draw(EVEN_FACTORS))
    assume(f.free_symbols)
    proved = never_true_against_a_point(f, domain, strict)
    marks = {*roots, sqrt(2), -sqrt(2), domain.start, domain.end} - {oo, -oo}
    marks = sorted(marks)
    between = [(a + b) / 2 for a, b in itertools.pairwise(marks)]
    inside = [p for p in [marks[0] - 1, *marks, *between, marks[-1] + 1] if p in domain]
    assert proved == all(sign_of(f.subs(x, p)) >= (1 if strict else 0) for p in inside)


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(fractions_of_polynomials | compositions | sums, intervals(), st.booleans())
def test_what_is_proved_holds_at_every_point(f, domain, strict):
    never_true_against_a_point(f, domain, strict)


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(fractions_of_polynomials | compositions | sums, intervals(), st.booleans())
def test_what_is_proved_holds_at_every_point_of_many_formulas(f, domain, strict):
    never_true_against_a_point(f, domain, strict)


def never_true_against_a_pair(f, first, second, strict):
    if at_least(f, 0, {x: first, z: second}, strict=strict):
        for p in points(first, 3)[0]:
            for q in points(second, 3)[0]:
                assert not refuted_at(f, {x: p, z: q}, strict), (f, first, second, p, q)


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(of_two, intervals(), intervals(), st.booleans())
def test_what_is_proved_holds_at_every_pair(f, first, second, strict):
    never_true_against_a_pair(f, first, second, strict)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(of_two, intervals(), intervals(), st.booleans())
def test_what_is_proved_holds_at_every_pair_of_many_formulas(f, first, second, strict):
    never_true_against_a_pair(f, first, second, strict)


# Definedness, ranges, monotonicity -------------------------------------------------------------


@pytest.mark.parametrize(
    ("e", "domain", "expected"),
    [
        (sqrt(x), HALF_LINE, True),
        (sqrt(x), REALS, False),
        (log(x), Interval.open(0, oo), True),
        (log(x), HALF_LINE, False),
        (1 / x, HALF_LINE, False),
        (1 / (1 - x), Interval.Ropen(0, 1), True),
        (1 / (1 + x**2), REALS, True),
        (sp.asin(2 * x / (1 + x**2)), REALS, True),
        (sp.asin(x), Interval(-1, 2), False),
        (sp.atanh(x), Interval(-1, 1), False),
        (sp.acosh(cosh(x)), REALS, True),
        (sp.tan(x), Interval.open(-pi / 2, pi / 2), True),
        (sp.tan(x), Interval(0, 2), False),
        (1 / sin(x), Interval.open(0, pi), True),
        (1 / (x**2 - 2), Interval(0, 2), False),
        ((-1) ** x, sp.S.Integers, True),
        ((-1) ** x, REALS, False),
        (x**x, HALF_LINE, True),
        (x ** (-x), Interval(-1, 1), False),
        (sp.Piecewise((sqrt(x), x >= 0), (0, True)), REALS, True),
        (sp.Piecewise((0, log(x) < 0), (1, True)), REALS, False),
        (sqrt(sqrt(2) + sqrt(3) - sqrt(5 + 2 * sqrt(6))), REALS, True),
        (sp.besselj(0, x), REALS, True),
        (sp.gamma(x), REALS, False),
        (sp.cot(x), Interval.open(0, pi), True),
        (sp.csch(x), REALS, False),
    ],
)
def test_where_a_formula_is_real(e, domain, expected):
    assert is_real_on(e, {x: domain}) is expected


@pytest.mark.parametrize(
    ("e", "domain", "target", "expected"),
    [
        (tanh(x), REALS, Interval.open(-1, 1), True),
        (x / (1 + x), HALF_LINE, Interval.Ropen(0, 1), True),
        (exp(-(x**2)), REALS, Interval.Lopen(0, 1), True),
        (exp(-(x**2)), REALS, Interval.open(0, 1), False),
        (x**2, REALS, Interval.open(0, oo), False),
        (x * (1 - x), UNIT, Interval(0, R(1, 4)), True),
        (log(x), Interval.Lopen(0, 1), Interval(-oo, 0), True),
        (1 / x, HALF_LINE, REALS, False),
        (x, UNIT, sp.FiniteSet(0, 1), False),
    ],
)
def test_where_the_values_lie(e, domain, target, expected):
    assert range_within(e, {x: domain}, target) is expected


@pytest.mark.parametrize(
    ("e", "domain", "expected"),
    [
        (x / (1 - x), Interval.Ropen(0, 1), True),
        (x**3, REALS, True),
        (x**2, REALS, False),
        (x**2, HALF_LINE, True),
        (sp.floor(x), REALS, True),
        (x - sp.floor(x), REALS, False),
        (exp(x) - x, HALF_LINE, True),
        (x * exp(-x), UNIT, True),
        (x * exp(-x), HALF_LINE, False),
        (-exp(-(x**2)), HALF_LINE, True),
        (sqrt(x), HALF_LINE, True),
        (-1 / x, Interval.open(0, oo), True),
        (1 / x, Interval.open(0, oo), False),
        (sin(x), Interval(-pi / 2, pi / 2), True),
        (-cos(x), Interval(0, pi), True),
        (-sp.acos(x), Interval(-1, 1), True),
        (x / (1 + Abs(x)), REALS, True),
        (log(x), HALF_LINE, False),
        (sp.Integer(3), REALS, True),
        (x ** (log(8) - 3 * log(2) - TINY), Interval(1, oo), False),
        (sp.Heaviside(x, 2), REALS, False),
        (sp.Heaviside(x), REALS, True),
        (Max(x, x**3), REALS, True),
        (-x + z, REALS, False),
    ],
)
def test_what_never_falls(e, domain, expected):
    assert increasing(e, x, domain) is expected


def test_a_question_takes_its_steps_from_the_budget():
    hard = 1 + exp(-x) * sin(x**3) - x * cos(7 * x + z)
    domains = {x: REALS, z: REALS}
    budget = Budget()
    before = budget.left
    assert not at_least(hard, 0, domains, budget=budget)
    spent = before - budget.left
    assert 0 < spent <= 300
    again = Budget()
    at_least(hard, 0, domains, budget=again)
    assert again.left == budget.left
    budget.left = 0
    assert not at_least(1 - x * z, 0, SQUARE, budget=budget)
    with pytest.raises(Exhausted):
        budget.spend()
