"""Typed formulas are read as Python would compute them."""

import doctest
import math
import random
import re

import pytest
import sympy as sp
from hypothesis import example, given
from hypothesis import strategies as st
from typed_trees import RELAXED, agrees, no_floor, trees

from kernelfit.proofs import parser
from kernelfit.proofs.parser import parse

x, y, z = (sp.Symbol(name, real=True) for name in "xyz")


def test_the_doctests():
    outcome = doctest.testmod(parser)
    assert outcome.attempted == 4
    assert outcome.failed == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("exp(-(x-z)**2)", sp.exp(-((x - z) ** 2))),
        ("0.1", sp.Rational(1, 10)),
        ("1e-3 + 1.5E2 + 2. + .5", sp.Rational(152501, 1000)),
        ("0.1 + 0.2 - 0.3", sp.Integer(0)),
        ("12345678901234567890.123456789", sp.Rational(12345678901234567890123456789, 10**9)),
        ("-x**2", -(x**2)),
        ("2**-1", sp.Rational(1, 2)),
        ("2**-1*x", x / 2),
        ("-3+x", x - 3),
        ("-2**-2", -sp.Rational(1, 4)),
        ("2**3**2", sp.Integer(512)),
        ("2^3^2", sp.Integer(512)),
        ("8/2/2*3", sp.Integer(6)),
        ("7-2-1", sp.Integer(4)),
        ("x*-z", -x * z),
        ("--x + +z", x + z),
        (" ( ( x ) ) ", x),
        ("x\t+\u00a0z\n", x + z),
        ("e**x", sp.exp(x)),
        ("log(e) + ln(e)", sp.Integer(2)),
        ("pi*x", sp.pi * x),
        ("|x - z|", sp.Abs(x - z)),
        ("||x| - |z||", sp.Abs(sp.Abs(x) - sp.Abs(z))),
        ("2*|-||x| - 1||*|z|", parse("2*abs(-abs(abs(x) - 1))*abs(z)")),
        ("abs(log(x))", sp.sqrt(sp.log(x) ** 2)),
        ("min(x, z, 1) + max(x, y)", sp.Min(x, z, 1) + sp.Max(x, y)),
        ("sinc(0) + sinc(x)", 1 + sp.sinc(x)),
        ("floor(2.5) + ceil(2.5) + sign(-3)", sp.Integer(4)),
        (
            "sech(x) + tanh(x) + cosh(x) + sinh(x)",
            sp.sech(x) + sp.tanh(x) + sp.cosh(x) + sp.sinh(x),
        ),
        ("arcsin(x) + arccos(y) + arctan(z)", sp.asin(x) + sp.acos(y) + sp.atan(z)),
        ("asinh(x) + acosh(y) + atanh(z)", sp.asinh(x) + sp.acosh(y) + sp.atanh(z)),
        ("arcsinh(x)", sp.asinh(x)),
        ("tan(x)*sin(y)*cos(z)*sqrt(2)", sp.tan(x) * sp.sin(y) * sp.cos(z) * sp.sqrt(2)),
        ("(x < z)", sp.Piecewise((1, x < z), (0, True))),
        ("(x == z)", sp.Piecewise((1, sp.Eq(x, z)), (0, True))),
        ("(x != z)", sp.Piecewise((1, sp.Ne(x, z)), (0, True))),
        ("3*(1 < 2) + (2 <= 1) + (x >= x) + (x > x)", sp.Integer(4)),
        (
            "(0 <= x < 1)",
            sp.Piecewise((1, x >= 0), (0, True)) * sp.Piecewise((1, x < 1), (0, True)),
        ),
        ("x × z · y ÷ 2 − 1", x * z * y / 2 - 1),
        ("2*π*x²", 2 * sp.pi * x**2),
        ("2**x²", 2 ** (x**2)),
        ("x²**3 + x¹²", x**6 + x**12),
        ("(x ≤ z)*(x ≠ z)", parse("(x <= z)*(x != z)")),
        ("sin(10**29)", sp.sin(10**29)),
        ("(x+1)**200", (x + 1) ** 200),
        ("0**0", sp.Integer(1)),
        ("(x*z + 1)**50", (x * z + 1) ** 50),
    ],
)
def test_text_and_expression(text, expected):
    assert parse(text) == expected


def test_the_symbols_are_real_and_the_numbers_exact():
    parsed = parse("x*y*z + 0.1*sqrt(x) + 1e-3")
    assert parsed.free_symbols == {x, y, z}
    assert all(symbol.is_real for symbol in parsed.free_symbols)
    assert not parsed.atoms(sp.Float)


# What a kernel lesson, or a learner who has read about kernels, would type.
@pytest.mark.parametrize(
    "text",
    [
        "(1 + x*z + (x*z)**2)/(sqrt(1 + x**2 + x**4)*sqrt(1 + z**2 + z**4))",
        "2/pi*asin(2*(1+x*z)/sqrt((1+2*(1+x**2))*(1+2*(1+z**2))))",
        "max(0, 1-|x-z|)**4*(4*|x-z|+1)",
        "1 + x*z + min(x,z)**2*(3*max(x,z) - min(x,z))/6",
        "acos(cos(x-z))",
        "(1+sqrt(5)*|x-z|+5*(x-z)**2/3)*exp(-sqrt(5)*|x-z|)",
        "(x+z)*log((x+z)/2) - x*log(x) - z*log(z)",
        "min(x,z)/max(x,z)",
        "min(sqrt(x), sqrt(z))",
        "max(min(x,y), min(max(x,y), z))",
        "exp(-abs(log(x) - log(z)))",
        "(|x|**1.5 + |z|**1.5 - |x-z|**1.5)/2",
        "exp(-2*sin(pi*(x-z)/2)**2/0.5**2)*exp(-(x-z)**2/2)",
        "(floor(x) == floor(z))",
        "sign(x)*sign(z)*min(|x|,|z|)",
        "exp(-1/(1-x**2))*(|x|<1)*exp(-1/(1-z**2))*(|z|<1)",
        "sqrt(x**2+1)*sqrt(z**2+1)*(pi-acos((x*z+1)/sqrt((x**2+1)*(z**2+1))))/pi",
    ],
)
def test_what_is_met_in_kernels_is_read(text):
    parsed = parse(text)
    python = text
    while re.search(r"\|[^|]*\|", python):
        python = re.sub(r"\|([^|]*)\|", r"abs(\1)", python)
    names = {name: getattr(math, name) for name in ("exp", "sin", "cos", "asin", "acos", "log")}
    names |= {"sqrt": math.sqrt, "pi": math.pi, "floor": math.floor}
    names["sign"] = lambda t: (t > 0) - (t < 0)
    a, b, c = 0.55, 0.31, 0.72
    value = eval(python, names | {"abs": abs, "min": min, "max": max, "x": a, "y": b, "z": c})
    assert float(parsed.subs({x: a, y: b, z: c})) == pytest.approx(float(value), rel=1e-9)


# A random formula is printed as text in several ways and read back.


@pytest.mark.slow
@RELAXED
@example(("binary", "-", ("name", "x"), ("binary", "-", ("name", "y"), ("name", "z"))), 0)
@example(("minus", ("binary", "**", ("name", "x"), ("number", "2"))), 1)
@given(trees.filter(no_floor), st.integers(0, 10**6))
def test_a_formula_has_the_value_that_python_gives_it(tree, seed):
    agrees(tree, seed)


def test_most_random_formulas_are_compared():
    """The test above could pass by refusing everything: count on trees of plain arithmetic."""
    style = random.Random(7)

    def tree(depth):
        if depth == 0:
            return style.choice([("name", "x"), ("name", "z"), ("number", "3"), ("number", "0.5")])
        sign = style.choice("+-*/")
        return ("binary", sign, tree(depth - 1), tree(style.randint(0, depth - 1)))

    compared = sum(agrees(tree(style.randint(1, 4)), seed) for seed in range(60))
    assert compared > 50


def test_every_function_that_is_promised():
    promised = ["abs", "exp", "log", "ln", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh"]
    promised += ["sech", "asin", "acos", "atan", "asinh", "acosh", "atanh", "sinc", "min", "max"]
    promised += ["sign", "floor", "ceil", "arcsin", "arccos", "arctan"]
    assert set(promised) <= set(parser.FUNCTIONS)
    for name in promised:
        assert parse(f"{name}(x, z)" if name in ("min", "max") else f"{name}(x)").has(x)
        assert name in parser.parse.__doc__ or name.startswith("arc")
