"""A feature of the Gaussian as an answer: its products must be the terms of the bell."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from kernelfit.exercises.compare import MOST_DIGITS, digits_at, expression, only_entry, too_long
from kernelfit.exercises.engine import AnswerError, quoted

_X = sp.Symbol("x", real=True)
_M = sp.Symbol("m", integer=True, nonnegative=True)
_SIGMA = sp.Symbol("sigma", positive=True)
_FEATURE_NAMES = {"x": _X, "m": _M, "sigma": _SIGMA}
PHI = sp.exp(-(_X**2) / (2 * _SIGMA**2)) * _X**_M / (_SIGMA**_M * sp.sqrt(sp.factorial(_M)))
_ORDERS = (*range(10), 17, 40)  # the terms that are compared: the first, and the pattern
_TRIALS = tuple(
    {"x": sp.Rational(a, 2), "z": sp.Rational(b, 3), "sigma": sp.Rational(s, 5)}
    for a, b, s in ((2, 3, 5), (1, 4, 10), (3, -2, 7), (-5, -4, 12))
)


def feature_of_bell(answer: Any) -> sp.Expr:
    """The answer as an expression in x, m and σ; refused when it has the other point in it."""
    given = only_entry(answer)
    if isinstance(given, sp.Basic) and any(str(s) == "z" for s in given.free_symbols):
        raise AnswerError(
            f"{quoted(answer)} contains z. A feature belongs to one point: what has z in it is "
            f"the same feature of the other point."
        )
    return expression(given, _FEATURE_NAMES)


def first_wrong_term(phi: sp.Expr, answer: Any) -> str:
    """Where a product of two features is not the term of the bell; nothing when all are."""
    for m in _ORDERS:
        for trial in _TRIALS:
            got = _product(phi, m, trial, answer)
            want = _product(PHI, m, trial, answer)
            if abs(got - want) > sp.Float("1e-30", 40) * (1 + abs(want)):
                return _wrong_feature(phi, answer, m, trial, got, want)
    return ""


def _product(phi: sp.Expr, m: int, trial: dict[str, sp.Rational], answer: Any) -> sp.Expr:
    """The m-th feature at the one point times the same at the other, to 40 digits."""
    sigma, *pair = (sp.Float(trial[name], 60) for name in ("sigma", "x", "z"))
    for point in (trial["x"], trial["z"]):
        if digits_at(phi, {_X: point, _SIGMA: trial["sigma"], _M: sp.Integer(m)}) > MOST_DIGITS:
            raise too_long(answer)
    inside = phi.subs({_M: m, _SIGMA: sigma})
    value = sp.N(sp.Mul(*(inside.subs(_X, point) for point in pair)), 40)
    if value.is_number and value.is_real and value.is_finite:
        return value
    raise AnswerError(
        f"At m = {m}, x = {trial['x']}, sigma = {trial['sigma']} the answer {quoted(answer)} has "
        f"no value."
    )


@cache
def _slips() -> tuple[tuple[sp.Expr, str], ...]:
    """Features that come from the likeliest slips, with what to say about each."""
    bell = sp.exp(-(_X**2) / (2 * _SIGMA**2))
    power = (_X / _SIGMA) ** _M
    return (
        (
            bell * power / sp.factorial(_M),
            "In the product the m! stands twice. Which number times itself is m!?",
        ),
        (bell * power, "What has become of m!?"),
        (power / sp.sqrt(sp.factorial(_M)), "These are the features of exp(xz/σ²), before step 6."),
        (
            bell * _X**_M / (_SIGMA ** (2 * _M) * sp.sqrt(sp.factorial(_M))),
            "In the product σ stands to the power of 4m, and the term has 2m.",
        ),
        (
            bell * _X**_M / sp.sqrt(sp.factorial(_M)),
            "What has become of the σ below x?",
        ),
        (
            sp.exp(-(_X**2) / _SIGMA**2) * power / sp.sqrt(sp.factorial(_M)),
            "Each of the two points brings f(x) = exp(−x²/(2σ²)); the 2 has been lost.",
        ),
        (
            bell * _X ** (2 * _M) / (_SIGMA ** (2 * _M) * sp.factorial(_M)),
            "This is the whole term at z = x but for the second f. One point brings only its half.",
        ),
    )


def _wrong_feature(
    phi: sp.Expr,
    answer: Any,
    m: int,
    trial: dict[str, sp.Rational],
    got: sp.Expr,
    want: sp.Expr,
) -> str:
    place = ", ".join(f"{name} = {value}" for name, value in {"m": m, **trial}.items())
    place = place.replace("-", "−")
    shown = _apart(got, want)
    words = (
        f"With {quoted(answer)} the product of the feature at x and at z is {shown[0]} for "
        f"{place}, and the term of the bell is {shown[1]}."
    )
    probe = {_M: sp.Integer(3), _SIGMA: sp.Float("1.4", 60), _X: sp.Float("0.7", 60)}
    if digits_at(phi, probe) > MOST_DIGITS:
        return words
    for slip, advice in _slips():
        if abs(sp.N((phi - slip).subs(probe), 40)) < sp.Float("1e-30", 40):
            return f"{words} {advice}"
    return words


def _apart(one: sp.Expr, other: sp.Expr) -> tuple[str, str]:
    """Two numbers with as many digits as show that they differ."""
    for digits in (6, 12, 24, 38):
        first, second = (str(sp.N(value, digits)).replace("-", "−") for value in (one, other))
        if first != second:
            break
    return first, second
