"""What ``decide`` refuses and with which words, and how a verdict shows itself."""

import re

import numpy as np
import pytest
import sympy as sp
from sympy import Abs, Interval, Rational, S, cos, exp, log, sqrt

import kernelfit as kf
from kernelfit.proofs import decide, parse

x, y, z = sp.symbols("x y z", real=True)
a, lam = sp.symbols("a lambda")


def huge():
    return sp.Add(*(sp.cos(i * x) * sp.cos(i * z) for i in range(2, 120)))


@pytest.mark.parametrize(
    ("k", "words"),
    [
        ("x*z", "got text: 'x.z'. Read it with kernelfit.proofs.parse"),
        (True, "k must be a kernel or a sympy expression, got True"),
        (sp.true, "k must be a kernel or a sympy expression"),
        (None, "got None"),
        ([x * z], "k must be a kernel or a sympy expression"),
        (sp.Matrix([[x * z]]), "k must be a kernel or a sympy expression"),
        (np.eye(2), "k must be a kernel or a sympy expression"),
        (sp.Eq(x, z), "k must be a kernel or a sympy expression"),
        (1 + 2j, "k must be a kernel or a sympy expression"),
        (lambda u, v: u * v, "k must be a kernel or a sympy expression"),
        (sp.MatrixSymbol("A", 2, 2), "for real numbers, got A"),
        (sp.I * x * z, "k must be an expression for real numbers"),
        (sp.oo, "k must be an expression for real numbers"),
        (-sp.oo * 1, "k must be an expression for real numbers"),
        (sp.nan, "k must be an expression for real numbers"),
        (sp.zoo, "k must be an expression for real numbers"),
        (float("nan"), "k must be an expression for real numbers"),
        (float("inf"), "k must be an expression for real numbers"),
        (a * x * z, "two variables, got 3: a, x, z. Name the two with variables"),
        (lam * a, None),
        (sp.Symbol("w"), "two variables, got 1: w"),
        (x * y * z, "two variables, got 3"),
        (huge(), "at most 400 operations, got"),
        (sp.Symbol("x") * sp.Symbol("x", positive=True), "must have different names"),
        (sp.Symbol("x") - x, "must have different names"),
    ],
)
def test_refused(k, words):
    if words is None:
        assert decide(k).is_kernel is True
        return
    with pytest.raises(kf.InputError, match=re.escape(words) if "." not in words else words):
        decide(k)


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ((x,), "two different symbols"),
        ((x, x), "two different symbols"),
        ((x, y, z), "two different symbols"),
        ((x, 1), "two different symbols"),
        ((x, y), "numbers in the place of all symbols but x and y, got z too"),
    ],
)
def test_variables(variables, words):
    with pytest.raises(kf.InputError, match=words):
        decide(x * z, variables=variables)


@pytest.mark.parametrize(
    "domain",
    [
        *(S.EmptySet, sp.FiniteSet(0, 1), Interval(1, 1), S.Complexes, sp.Range(5), S.Rationals),
        *("R", None, 3, (0, 1), Interval(0, 1) + Interval(2, 3), Interval(0, 1) * Interval(0, 1)),
    ],
    ids=str,
)
def test_domains_refused(domain):
    with pytest.raises(
        kf.InputError, match=r"domain must be sympy's S\.Reals, an Interval of more"
    ):
        decide(x * z, domain=domain)


@pytest.mark.parametrize("effort", [0, -1, float("nan"), float("inf"), "much", True, None])
def test_effort_refused(effort):
    with pytest.raises(kf.InputError, match="effort"):
        decide(x * z, effort=effort)


@pytest.mark.slow
@pytest.mark.parametrize(
    "k",
    [
        sqrt(x) * sqrt(z),
        1 / (x * z),
        parse("log(x)*log(z)"),
        1 / (1 + (x - z) ** 2) / (x - z) ** 0.5,
    ],
)
def test_formulas_that_are_not_defined(k):
    with pytest.raises(kf.InputError, match=r"got none at x = .*, z = .*Choose a domain on which"):
        decide(k)


def test_formulas_that_are_negative_where_they_are_defined():
    """They have no value at 0 or 1, but a negative form elsewhere is enough."""
    assert decide(log(x * z)).is_kernel is False
    assert decide(1 / (1 - x * z)).is_kernel is False


# What is taken


def test_numbers_are_constant_kernels():
    assert decide(2).is_kernel is True
    assert decide(0).is_kernel is True
    assert decide(-0.5).is_kernel is False
    assert decide(sp.pi - 3).is_kernel is True


def test_floats_are_the_decimals_that_are_written():
    verdict = decide(0.1 * x * z + 0.3)
    assert verdict.expression == x * z / 10 + Rational(3, 10)
    assert not decide(exp(-0.7 * (x - z) ** 2)).expression.atoms(sp.Float)
    # as binary fractions 0.1 + 0.2 is more than 0.3, and the matrix would be indefinite
    assert decide(0.3 + 0.3 * (x + z) + 0.1 * x * z + 0.2 * x * z).is_kernel is True


def test_variables_in_any_order_and_without_assumptions():
    u, v = sp.symbols("x z")
    verdict = decide(exp(-Abs(u - v)), variables=(v, u))
    assert verdict.is_kernel is True
    assert [symbol.name for symbol in verdict.pair] == ["z", "x"]
    assert decide(sqrt(u**2) * sqrt(v**2)).is_kernel is True
    assert decide(x**2, variables=(x, z)).is_kernel is False
    assert decide(x * y).is_kernel is True


@pytest.mark.parametrize(
    "domain",
    [S.Reals, S.Integers, S.Naturals0, Interval(0, sp.oo), Interval.open(0, 1), Interval(0, sp.pi)],
)
def test_domains(domain):
    assert decide(exp(x * z), domain=domain).is_kernel is True
    assert decide(x * z - 1, domain=domain).is_kernel is False


@pytest.mark.slow
@pytest.mark.parametrize(
    "k",
    [
        sp.DiracDelta(x - z),
        sp.gamma(1 + x**2 * z**2),
        sp.Sum(x * z * sp.Symbol("n"), (sp.Symbol("n"), 1, 3)),
    ],
)
def test_functions_that_the_exact_methods_do_not_know_stay_undecided(k):
    assert decide(k, variables=(x, z)).is_kernel is None


# How it shows itself

VERDICTS = [
    (exp(-Abs(x - z)) + x * z, {}, "**is a kernel**"),
    (parse("min(x, z)*(1 - max(x, z))"), {"domain": Interval(0, 1)}, "**is a kernel**"),
    (parse("exp(cos(x - z)) - 5/4"), {}, "**is a kernel**"),
    (exp(-Abs(x - z)) - exp(-2 * Abs(x - z)) / 2, {}, "**is a kernel**"),
    (Abs(x - z), {}, "**is not a kernel**"),
    (1 + x - z, {}, "It is not symmetric"),
    (parse("exp(-abs(x - z))*(abs(x - z) < 100)"), {"effort": 0.01}, "stays **undecided**"),
]


@pytest.fixture(scope="module", params=VERDICTS, ids=range(len(VERDICTS)))
def case(request):
    """A verdict, and words of its explanation."""
    formula, options, words = request.param
    return decide(formula, **options), words


@pytest.mark.slow
def test_explanation(case):
    verdict, words = case
    text = verdict.explanation
    assert words in text
    assert text == verdict._repr_markdown_()
    assert text.count("{") == text.count("}")
    assert text.count("$") % 2 == 0
    assert text.count(r"\left") - text.count(r"\leftarrow") == text.count(r"\right")
    for raw in ("Piecewise(", "FeatureMap", "Step", "Rational(", "Symbol", "_t", "Dummy", "None"):
        assert raw not in text


def test_repr(case):
    verdict, _ = case
    answer = {True: "a kernel", False: "not a kernel", None: "undecided"}[verdict.is_kernel]
    assert f": {answer}" in repr(verdict)
    assert repr(verdict).startswith(f"<{verdict.expression} on {verdict.domain}")
    assert "\n" not in repr(verdict)


def test_a_verdict_is_no_truth_value(case):
    verdict, _ = case
    with pytest.raises(TypeError, match=r"ask verdict\.is_kernel, which is True, False or None"):
        bool(verdict)


def test_even_and_odd_functions_keep_their_names_in_the_explanation():
    text = decide(cos(x - z)).explanation
    assert r"\cos" in text
    assert "feature" in text


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("cosh(max(x,z)^max(x,z))", Interval(0, 1)),  # an integer of a billion digits
        ("sech((x-z)^4)", S.Naturals0),  # sympy simplified the same hypothesis again and again
        ("tan(min(x,z)/max(x,z)) - min(x,z)/max(x,z)", Interval.Lopen(0, 1)),  # a limit
    ],
)
@pytest.mark.slow
def test_what_kept_sympy_busy_for_minutes_comes_to_an_end(text, domain):
    verdict = decide(parse(text), domain=domain)
    assert verdict.explanation
    assert verdict.verify()
