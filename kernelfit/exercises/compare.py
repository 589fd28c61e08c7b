"""Compare an answer with what is right as mathematics, never as text."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence, Sized
from fractions import Fraction
from itertools import islice
from random import Random
from typing import Any

import numpy as np
import sympy as sp
from sympy.functions.combinatorial.factorials import CombinatorialFunction

from kernelfit.exercises.engine import AnswerError, quoted

_POINTS = 8  # exact points at which two expressions are compared when simplifying does not decide
_LONGEST = 2000  # operations in an expression that is simplified
MOST_ENTRIES = 100_000  # of a list
LONGEST_NUMBER = 1000  # digits of an exact number that is given
MOST_DIGITS = 20_000  # in the exact numbers that arise at a point

Point = Mapping[sp.Symbol, sp.Rational]


def expression(answer: Any, names: Mapping[str, sp.Symbol], shown: str = "") -> sp.Expr:
    """The answer as a sympy expression in the symbols of the question, matched by name.

    Text is refused, never evaluated. A symbol made anew with other assumptions counts as the
    one of that name. ``shown`` is the answer as it was typed, when it has been changed since.
    """
    shown = shown or quoted(answer)
    answer = only_entry(answer)
    if isinstance(answer, str):
        raise AnswerError(f"{shown} is text. Write it without quotes, as a sympy expression.")
    if isinstance(answer, sp.Equality):
        raise AnswerError(f"{shown} is an equation. Give one side of it, as an expression.")
    if callable(answer) and not isinstance(answer, sp.Basic):
        raise AnswerError("That is a function. Give a sympy expression.")
    if isinstance(answer, (bool, np.bool_)) or not isinstance(
        answer, (int, float, Fraction, np.number, sp.Expr)
    ):
        raise AnswerError(f"{shown} is {kind_of(answer)}. Give a sympy expression.")
    found = sp.sympify(answer)
    if found.has(sp.nan, sp.zoo):
        raise AnswerError(f"{shown}: somewhere this divides by 0. Which sum below a line is 0?")
    if found.has(sp.oo, sp.I):
        raise AnswerError(f"{shown} is not a real number for real symbols.")
    found = sp.nsimplify(found, rational=True)
    unknown = sorted(str(s) for s in found.free_symbols if str(s) not in names)
    if unknown:
        raise AnswerError(
            f"{shown} contains {', '.join(unknown)}, which stands for nothing here. Write it "
            f"with {', '.join(names)} alone."
        )
    return found.subs({s: names[str(s)] for s in found.free_symbols}, simultaneous=True)


def difference_at(
    answer: sp.Expr, right: sp.Expr, first: Sequence[Point] = ()
) -> dict[sp.Symbol, sp.Rational] | None:
    """A point at which the two differ, or None when they are equal.

    A point with two values is a refutation that anyone can check by hand, and it is found fast.
    Where no point tells them apart, simplifying the difference to 0 proves them equal; if that
    does not succeed, agreement at all the exact points has to do. The points of ``first`` are
    tried before all others. Points that make numbers with very many digits are left out.
    """
    if answer == right:
        return None
    difference = answer - right
    symbols = sorted(answer.free_symbols | right.free_symbols, key=str)
    random = Random(1)
    points = [dict(point) for point in first]
    # Small whole numbers first, because they make the nicest counter-examples. A symbol that is
    # positive by assumption stays so: elsewhere the question says nothing.
    for largest, below in [(3, 1)] * _POINTS + [(500, 7)] * _POINTS:
        points.append(
            {s: _drawn(random, s, largest, below) for s in symbols},
        )
    agreed = left_out = 0
    for point in points:
        if digits_at(difference, point) > MOST_DIGITS:
            left_out += 1
            continue
        gap = difference.subs(point)
        if gap.is_finite and sp.simplify(gap) != 0:
            return point
        agreed += gap.is_finite is True
    if not left_out and answer.count_ops() <= _LONGEST and sp.simplify(difference) == 0:
        return None
    if agreed >= _POINTS:
        return None
    if left_out:
        raise too_long(answer)
    raise AnswerError(f"{quoted(answer)} has no value where it was tried. Is it complete?")


def _drawn(random: Random, symbol: sp.Symbol, largest: int, below: int) -> sp.Rational:
    """A value at random, of a size that is easy to read, within the symbol's assumptions."""
    above = random.randint(-largest, largest)
    return sp.Rational((abs(above) or 1) if symbol.is_positive else above, below)


def too_long(answer: Any) -> AnswerError:
    """The refusal of an answer whose values nobody could read, nor compute in a moment."""
    return AnswerError(
        f"{quoted(answer)} makes numbers of more than {MOST_DIGITS:,} digits where it was tried, "
        f"too many to check. Is an exponent typed right?"
    )


def digits_at(f: sp.Basic, point: Point) -> float:
    """About how many digits the exact numbers have that arise when the point is put into f.

    A bound, found without computing them: t**(10**9) at t = 2 has 300 million.
    """
    if f in point:
        f = sp.sympify(point[f])
    if f.is_Rational:
        return math.log10(max(abs(f.p), f.q))
    if not f.args:
        return 0.0
    inside = [digits_at(part, point) for part in f.args]
    if isinstance(f, sp.exp):  # stays as it is, but to compare towers of them takes their digits
        return _largest(inside[0]) if f.args[0].has(sp.exp) else inside[0]
    if isinstance(f, sp.Mul):
        return sum(inside)
    if isinstance(f, sp.Pow):
        power = inside[0] * _largest(inside[1], f.exp) if inside[0] else 0.0
        return max(power, inside[1])
    if isinstance(f, (sp.gamma, CombinatorialFunction)):
        return max(inside) * max(_largest(d) for d in inside)
    return max(inside) + math.log10(len(inside))


def _largest(digits: float, number: sp.Basic | None = None) -> float:
    """The largest number with so many digits, or the size of the number if it is known."""
    if isinstance(number, sp.Rational) and digits < 300:
        return abs(float(number))
    return 10.0**digits if digits < 300 else math.inf


def at(point: Mapping[sp.Symbol, sp.Rational]) -> str:
    """A point in words: c0 = 1, c1 = −2."""
    return ", ".join(f"{name} = {value}" for name, value in point.items()) or "every point"


def number(answer: Any) -> float:
    """The answer as a float; refused when it is none."""
    value = only_entry(answer)
    if isinstance(value, (bool, np.bool_, str)):
        raise AnswerError(f"{quoted(answer)} is {kind_of(value)}. Give a number.")
    if isinstance(value, sp.Expr) and value.free_symbols:  # sympy may look for its value for long
        raise AnswerError(f"{quoted(answer)} is not one number. Give a number.")
    try:
        value = float(value)
    except (TypeError, ValueError, OverflowError):
        raise AnswerError(f"{quoted(answer)} is not one number. Give a number.") from None
    if not math.isfinite(value):
        raise AnswerError(f"{quoted(answer)} is not a finite number. Give the number itself.")
    return value


def pair(answer: Any) -> tuple[float, float]:
    """The answer as two numbers."""
    first, second = numbers(answer, 2)
    return first, second


def numbers(answer: Any, count: int) -> list[float]:
    """The answer as that many numbers."""
    items = entries(answer)
    if items is None:
        raise AnswerError(f"{quoted(answer)} is one thing. Give {count} numbers in a list.")
    if len(items) != count:
        raise AnswerError(f"{quoted(answer)} has {so_many(items)}. Give {count} numbers in a list.")
    return [number(item) for item in items]


def so_many(items: Sized) -> str:
    """1 entry, 2 entries."""
    return "1 entry" if len(items) == 1 else f"{len(items)} entries"


def entries(answer: Any) -> list[Any] | None:
    """The entries of a list, tuple, array, matrix or solution of sympy's; None for anything else.

    Other things can be iterated over too, and some of them (a sympy IndexedBase) without end.
    A list of one list, as solvers return it, is taken for that list.
    """
    if isinstance(answer, dict):
        return list(answer.values())
    if not isinstance(answer, (list, tuple, np.ndarray, sp.MatrixBase, sp.Tuple, sp.FiniteSet)):
        return None
    if isinstance(answer, np.ndarray) and answer.ndim == 0:
        return None
    items = _all_of(answer)
    if len(items) == 1 and (inner := entries(items[0])) is not None:
        return inner
    return items


def _all_of(answer: Any) -> list[Any]:
    """The items, refused where they are too many; a class of its own may have no end."""
    items = list(islice(answer, MOST_ENTRIES + 1))
    if len(items) > MOST_ENTRIES:
        raise AnswerError(f"{quoted(answer)} has more than {MOST_ENTRIES:,} entries.")
    return items


def only_entry(answer: Any) -> Any:
    """The one entry of a list, array or matrix that has only one; else the answer itself."""
    if isinstance(answer, np.ndarray) and answer.size == 1:
        return answer.reshape(-1)[0]
    items = entries(answer)
    return only_entry(items[0]) if items is not None and len(items) == 1 else answer


def kind_of(answer: Any) -> str:
    """What the answer is, in plain words."""
    kinds = {"str": "text", "ndarray": "a numpy array", "bool": "True or False"}
    name = type(answer).__name__
    if isinstance(answer, sp.MatrixBase):
        return "a matrix"
    return kinds.get(name, f"a {name}")


def spelled_out(answer: Any, count: int, names: Mapping[str, sp.Symbol]) -> sp.Expr:
    """A formula with sums over i = 1..n as plain algebra for n = count: x[2] becomes x2.

    Sums with a symbolic end are hard to compare; for a given n they are polynomials.
    """
    shown = quoted(answer)
    answer = only_entry(answer)
    if not isinstance(answer, sp.Expr):
        return expression(answer, names)
    expr = answer.subs({index: sp.Symbol(str(index.label)) for index in answer.atoms(sp.Idx)})
    for sum_ in expr.atoms(sp.Sum):
        for index, _, end in sum_.limits:
            if str(end) != "n":
                raise AnswerError(f"The sum over {index} in {shown} must end at n, not at {end}.")
    expr = expr.subs({s: sp.Integer(count) for s in expr.free_symbols if str(s) == "n"}).doit()
    places = {}
    for entry in expr.atoms(sp.Indexed):
        index, letter = entry.indices[0], str(entry.base.label)
        if letter not in ("x", "y"):
            raise AnswerError(f"{shown} contains {letter}. Write it out with xs[i] and ys[i].")
        if not index.is_Integer:
            raise AnswerError(
                f"In {shown} the index {index} stands outside of a Sum. "
                f"Put a Sum(..., ({index}, 1, n)) around the part that contains it."
            )
        places[entry] = sp.Symbol(f"{letter}{index}", real=True)
    expr = expr.subs(places)
    for letter in ("x", "y"):
        if letter in map(str, expr.free_symbols):
            raise AnswerError(f"{shown} contains {letter} without an index. Write {letter}s[i].")
    return expression(expr, {**names, **{str(s): s for s in places.values()}}, shown)


def points(
    answer: Any, count: int, coordinate: Callable[[Any], Any] = number
) -> list[tuple[Any, Any]]:
    """The answer as that many points (x, y): pairs, or a matrix with one row for each."""
    rows = entries(answer.tolist() if isinstance(answer, sp.MatrixBase) else answer)
    if rows is None:
        raise AnswerError(
            f"{quoted(answer)} is {kind_of(answer)}. Give a list of points (x, y), "
            f"as in [(0, 1), (1, 2)]."
        )
    pairs = [entries(row) or [] for row in rows]
    if count != 2 and [len(row) for row in pairs] == [count, count]:
        raise AnswerError(f"{quoted(answer)} is two rows of {count}. Give {count} pairs (x, y).")
    if len(pairs) != count or any(len(row) != 2 for row in pairs):
        raise AnswerError(f"{quoted(answer)}: give {count} points, each a pair (x, y).")
    return [(coordinate(x), coordinate(y)) for x, y in pairs]


def exact_number(answer: Any) -> sp.Expr:
    """The answer as an exact real number: a float counts as the decimal that it is printed as."""
    value = only_entry(answer)
    if isinstance(value, (bool, np.bool_, str)):
        raise AnswerError(f"{quoted(answer)} is {kind_of(value)}. Give a number.")
    if isinstance(value, sp.Symbol):
        raise AnswerError(f"{value} is a symbol. Put a number in its place.")
    if isinstance(value, sp.Expr) and value.free_symbols:
        named = ", ".join(sorted(map(str, value.free_symbols)))
        raise AnswerError(f"{quoted(answer)} contains {named}. Put a number in its place.")
    if isinstance(value, (float, np.floating)) and np.isfinite(value):
        return sp.Rational(str(value))
    if isinstance(value, (int, np.integer, Fraction, sp.Rational)):
        exact = sp.Rational(value)
        if max(abs(exact.p), exact.q) > 10**LONGEST_NUMBER:
            raise AnswerError(
                f"A number of more than {LONGEST_NUMBER} digits is larger or longer than is needed."
            )
        return exact
    if isinstance(value, sp.Expr) and value.is_real and value.is_finite:
        return value.xreplace({f: sp.Rational(str(f)) for f in value.atoms(sp.Float)})
    raise AnswerError(f"{quoted(answer)} is not a real number. Give one.")


def exact_matrix(answer: Any) -> sp.Matrix:
    """The answer as a matrix of exact real numbers."""
    shown = f"{quoted(answer)} is not a matrix"
    if isinstance(answer, sp.MatrixExpr) and not answer.free_symbols:
        if answer.rows * answer.cols > MOST_ENTRIES:
            raise AnswerError(f"{quoted(answer)} has more than {MOST_ENTRIES:,} entries.")
        answer = answer.as_explicit()
    if isinstance(answer, (np.ndarray, sp.MatrixBase, sp.NDimArray)):
        answer = answer.tolist()
    if not isinstance(answer, (list, tuple, sp.Tuple)) or not answer:
        raise AnswerError(f"{shown}. Give its rows, as in [[1, 2], [3, 4]].")
    rows = [entries(row) for row in _all_of(answer)]
    if any(row is None for row in rows):
        raise AnswerError(f"{shown}: each row must be a list, as in [[1, 2], [3, 4]].")
    lengths = [len(row) for row in rows if row is not None]
    if len(set(lengths)) > 1:
        raise AnswerError(f"{shown}: its rows have {', '.join(map(str, lengths))} entries.")
    return sp.Matrix([[exact_number(entry) for entry in row] for row in rows if row is not None])


def holds_floats(answer: Any) -> bool:
    """Whether the answer is a float or contains one, so that it can be right only to rounding."""
    if isinstance(answer, (sp.Basic, sp.MatrixBase)):
        return bool(answer.has(sp.Float))
    items = entries(answer)
    if items is None:
        return isinstance(answer, (float, np.floating))
    return any(holds_floats(item) for item in items)
