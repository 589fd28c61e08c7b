"""Read a typed formula: text in, a sympy expression out, and nothing is ever run as code.

The text is cut into tokens, and one method a line of this grammar reads them from left to right:

.. code-block:: text

    sum      =  product { ("+" | "-") product }
    product  =  signed { ("*" | "/") signed }
    signed   =  ("-" | "+") signed  |  power
    power    =  operand [ superscript ] [ ("**" | "^") signed ]
    operand  =  number  |  variable  |  constant  |  function "(" sum { "," sum } ")"
             |  "(" sum { comparison sum } ")"  |  "|" sum "|"

Each method returns the expression that it has read.  What sympy would compute at once, such as
9**9**9, is measured before it is built, so every text is answered or refused within a second.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.core.evalf import PrecisionExhausted

from .._checks import InputError
from .language import (
    COMPARISONS,
    CONSTANTS,
    FUNCTIONS,
    MAX_EXPONENT,
    MAX_SIZE,
    NAMES,
    PLAIN,
    SUPERSCRIPTS,
    TOKEN,
    VARIABLES,
    Refusals,
    Token,
    quoted,
    short,
    worth_of,
)

MAX_CHARACTERS = 500
MAX_DEPTH = 40  # parentheses, signs and powers within each other
MAX_DIGITS = 30  # of one number as it is typed
# In a function sympy asks whether the argument is real, and of which sign.  Where much is nested,
# that takes for ever, and sooner where the argument may be undefined; in these bounds it is fast.
MAX_INSIDE = {"arguments": 8, "parts": 100, "levels": 16, "abs, max, cosh and the like": 4}
MAX_INSIDE_PARTIAL = {"parts": 60, "levels": 8, "abs, max, cosh and the like": 2, "as a power": 6}
MAX_SIGN_OF_PARTIAL = MAX_INSIDE_PARTIAL | {"arguments": 4, "parts": 30, "levels": 7}
ASKING = (sp.Abs, sp.Min, sp.Max, sp.sign, sp.Piecewise, sp.sinh, sp.cosh, sp.tanh, sp.sech)
PARTIAL = (sp.log, sp.asin, sp.acos, sp.acosh, sp.atanh, sp.Piecewise)


def parse(text: str) -> sp.Expr:
    """The sympy expression that a typed formula stands for, exact and in real symbols.

    The variables are x, y, z, the constants pi, e, the operations + - * / ** (or ^) with Python's
    precedence; a product needs its sign, 2*x.  Decimals are fractions: 0.1 is 1/10.  The functions
    are abs exp log (ln) sqrt sin cos tan asin acos atan sinh cosh tanh sech asinh acosh atanh sinc
    sign floor ceil, and min and max of two or more; ``|x - z|`` is ``abs(x - z)``.  A comparison in
    parentheses is worth 1 where it holds and 0 elsewhere.  × · − π x² ≤ are read as well.

    >>> parse("exp(-(x - z)**2 / 2)")
    exp(-(x - z)**2/2)
    >>> parse("0.1*min(x, z) + 2^-1")
    Min(x, z)/10 + 1/2
    >>> parse("(x == z)")
    Piecewise((1, Eq(x, z)), (0, True))
    >>> parse("2x")
    Traceback (most recent call last):
    kernelfit._checks.InputError: The formula must have a sign between factors, got 'x' after '2' \
at character 2. Write 2*x.
        2x
         ^

    Raises InputError, with the place, for everything else: text outside of the language, a constant
    that is no real number (1/0, log(-1)), and what is too long, too deep or too large.
    """
    if not isinstance(text, str):
        raise InputError(
            f"The formula must be text, got an object of type {type(text).__name__}. Put it in "
            f'quotes, "x*z"; what is a sympy expression already needs no parser.'
        )
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            f"The formula must have at most {MAX_CHARACTERS} characters, got {len(text)}. "
            f"Leave out what the question does not need, or build it with sympy."
        )
    if not text.strip():
        raise InputError("The formula must not be empty, got no text. Type one, say x*z.")
    return _Reader(text.strip()).formula()


class _Reader(Refusals):
    """The tokens of one formula, read from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = 0
        self.read: list[Token] = []  # what lies behind
        self.tokens = iter(self.cut())
        self.token = next(self.tokens)  # what comes next

    def cut(self) -> list[Token]:
        """Numbers, names and operators with their places; the first unknown character ends it."""
        tokens, plain, place = [], self.text.translate(PLAIN), 0
        while place < len(plain):
            if match := TOKEN.match(plain, place):
                tokens.append(Token(str(match.lastgroup), match.group(), place))
                if match.lastgroup == "name" and match.group() not in NAMES:
                    self.unknown_name(tokens[-1])
                place = match.end()
            elif plain[place].isspace() and plain[place] not in "\n\r":
                place += 1
            else:
                self.unknown_character(plain[place], place)
        return [*tokens, Token("end", "the end", len(plain))]

    def advance(self) -> Token:
        self.read.append(self.token)
        self.token = next(self.tokens, self.token)
        return self.read[-1]

    def take(self, *operators: str) -> Token | None:
        """The next token if it is one of these operators."""
        wanted = self.token.kind == "operator" and self.token.text in operators
        return self.advance() if wanted else None

    # The grammar, a method a line.

    def formula(self) -> sp.Expr:
        value = self.sum()
        if self.token.kind != "end":
            self.unexpected()
        return value

    def sum(self) -> sp.Expr:
        start = self.token.place
        value = self.product()
        while operator := self.take("+", "-"):
            term = self.product()
            value = self.built(sp.Add, [value, term if operator.text == "+" else -term], start)
        return value

    def product(self) -> sp.Expr:
        start = self.token.place
        value = self.signed()
        while operator := self.take("*", "/"):
            place = self.token.place
            factor = self.signed()
            if operator.text == "/":
                factor = self.power_of(factor, sp.Integer(-1), place)
            value = self.built(sp.Mul, [value, factor], start)
        return value

    def signed(self) -> sp.Expr:
        if self.depth > MAX_DEPTH:
            advice = "Look for parentheses, signs or powers too many."
            self.refuse(self.token.place, f"be nested at most {MAX_DEPTH} deep", "more", advice)
        self.depth += 1
        if sign := self.take("-", "+"):
            value = -self.signed() if sign.text == "-" else self.signed()
        else:
            value = self.power()
        self.depth -= 1
        return value

    def power(self) -> sp.Expr:
        start = self.token.place
        value = self.operand()
        if self.token.kind == "superscript":
            digits = self.token._replace(text=self.token.text.translate(SUPERSCRIPTS))
            self.advance()
            value = self.power_of(value, self.number(digits), start)
        if self.take("**", "^"):
            value = self.power_of(value, self.signed(), start)
        return value

    def operand(self) -> sp.Expr:
        token = self.advance()
        if token.kind == "number":
            return self.number(token)
        if token.kind == "name":
            known = VARIABLES.get(token.text, CONSTANTS.get(token.text))
            return known if known is not None else self.call(token)
        if token.text == "(":
            value = self.sum()
            if self.token.text in COMPARISONS:
                value = self.comparison(value, token.place)
            self.close(token, ")")
            return value
        if token.text == "|":  # it opens where an operand is due, it closes where an operator is
            value = self.sum()
            self.close(token, "|")
            return self.apply("abs", [value], token.place)
        self.missing_operand(token)

    def number(self, token: Token) -> sp.Rational:
        mantissa, _, exponent = token.text.lower().partition("e")
        if sum(map(str.isdigit, mantissa)) > MAX_DIGITS or abs(int(exponent or 0)) > MAX_SIZE:
            rule = f"have at most {MAX_DIGITS} digits in a number, and {MAX_SIZE} in its exponent"
            self.refuse(token.place, rule, short(token.text), "Round it.")
        return self.sound(sp.Rational(Fraction(token.text)), token.place)

    def call(self, name: Token) -> sp.Expr:
        opening = self.take("(")
        if opening is None:
            rule = f"have parentheses after {name.text}"
            advice = f"Write {name.text}(x), and a power of it {name.text}(x)**2."
            self.refuse(self.token.place, rule, quoted(self.token), advice)
        arguments = [] if self.token.text == ")" else [self.sum()]
        while self.take(","):
            arguments.append(self.sum())
        self.close(opening, ")")
        return self.apply(name.text, arguments, name.place)

    def comparison(self, left: sp.Expr, start: int) -> sp.Expr:
        """1 where it holds, 0 elsewhere; 0 < x < 1 is (0 < x)*(x < 1)."""
        worth = sp.Integer(1)
        while self.token.text in COMPARISONS:
            compare = COMPARISONS[self.advance().text]
            right = self.sum()
            if left.has(sp.Piecewise) or right.has(sp.Piecewise):
                advice = "In place of ((x<1) == (z<1)) write (x<1)*(z<1) + (x>=1)*(z>=1)."
                self.refuse(start, "compare numbers", "a comparison in a comparison", advice)
            self.simple_inside([left, right], start, asks_sign=True)
            worth *= self.built(worth_of, [compare, left, right], start)
            left = right
        return worth

    # What is built, and its bounds.

    def apply(self, name: str, arguments: list[sp.Expr], start: int) -> sp.Expr:
        """The function of its arguments."""
        several = name in ("min", "max")
        if len(arguments) < 2 if several else len(arguments) != 1:
            rule = f"give {name} {'two or more arguments' if several else 'one argument'}"
            example = f"Write {name}(x, z)." if several else f"Write {name}(x)."
            self.refuse(start, rule, str(len(arguments) or "none"), example)
        if name == "exp":
            return self.power_of(sp.E, arguments[0], start)
        self.simple_inside(arguments, start, asks_sign=name in ("abs", "min", "max", "sign"))
        return self.built(FUNCTIONS[name], arguments, start)

    def built(self, build: Callable[..., Any], arguments: list[Any], start: int) -> sp.Expr:
        """What sympy makes of the arguments; where it fails, it raises one of several kinds."""
        try:
            value = build(*arguments)
        except (ArithmeticError, TypeError, ValueError, AttributeError, RecursionError):
            advice = "Is it a real number everywhere?"
            self.refuse(start, "be one that sympy can work out", self.since(start), advice)
        return self.sound(value, start)

    def power_of(self, base: sp.Expr, exponent: sp.Expr, start: int) -> sp.Expr:
        self.measure_power(base, exponent, start)
        if not exponent.is_Integer:
            self.simple_inside([base, exponent], start, asks_sign=False)
        return self.built(sp.Pow, [base, exponent], start)

    def measure_power(self, base: sp.Expr, exponent: sp.Expr, start: int) -> None:
        """Refuse what would be too large before sympy multiplies it out."""
        if base.is_number and exponent.is_number:
            b, power = _approximate(base) or 0, _approximate(exponent) or 0
            if b == 0 and power < 0:
                got = f"a division by {self.since(start)}"
                self.refuse(start, "not divide by 0", got, "What should stand below the line?")
            if b and abs(power) * abs(math.log10(abs(b))) > MAX_SIZE:
                self.too_large(start)
        # sympy raises each factor by itself: (2*x**3)**50 becomes 2**50 * x**150,
        for factor in sp.Mul.make_args(base):
            inner, power = factor.as_base_exp()
            if inner != base:
                self.measure_power(inner, power * exponent, start)
        # and it turns exp(50*log(2*x)) into (2*x)**50.
        for term in sp.Add.make_args(exponent):
            logs = [factor for factor in sp.Mul.make_args(term) if isinstance(factor, sp.log)]
            if len(logs) == 1:
                self.measure_power(logs[0].args[0], term / logs[0], start)

    def simple_inside(self, arguments: list[sp.Expr], start: int, asks_sign: bool) -> None:
        """Refuse what would keep sympy busy with questions about signs and real numbers."""
        nodes = [node for a in arguments for node in sp.preorder_traversal(a)]
        partial = any(map(_is_partial, nodes))
        if not partial and not asks_sign:
            return
        exponents = [abs(node.exp) for node in nodes if node.is_Pow and node.exp.is_Rational]
        found = {
            "arguments": len(arguments),
            "parts": len(nodes),
            "levels": max(map(_levels, arguments)),
            "abs, max, cosh and the like": sum(isinstance(node, ASKING) for node in nodes),
            "as a power": max(exponents, default=0),
        }
        bounds = MAX_SIGN_OF_PARTIAL if asks_sign else MAX_INSIDE_PARTIAL
        for what, most in (bounds if partial else MAX_INSIDE).items():
            if found[what] > most:
                where = "functions of logs, roots, quotients" if partial else "abs, min, max, sign"
                rule = f"stay simple inside of {where} and comparisons, at most {most} {what}"
                self.refuse(start, rule, str(found[what]), "Take a simpler case of it.")

    def sound(self, value: sp.Expr, start: int) -> sp.Expr:
        """The value if its constants are real numbers of moderate size; refused otherwise."""
        if value.has(sp.I, sp.nan, sp.zoo, sp.oo, -sp.oo):
            self.not_real(start)
        for part in (value, *value.args):
            if part.is_number:
                if _levels(part) > MAX_INSIDE_PARTIAL["levels"]:  # each doubles sympy's work
                    advice = "Take a simpler number."
                    self.refuse(start, "have simple constants", self.since(start), advice)
                number = _approximate(part)
                if number is None:
                    self.not_real(start)
                if number and not 1 <= abs(number) * 10**MAX_SIZE <= 10 ** (2 * MAX_SIZE):
                    self.too_large(start)
            if part.is_Rational and max(abs(part.p), part.q) > 10**MAX_SIZE:
                self.too_large(start)
            if part.is_Pow:  # to sympy exp is none; its numbers are never multiplied out
                exponent = [part.exp] if part.exp.is_number else part.exp.atoms(sp.Rational)
                if any(abs(_approximate(n) or 0) > MAX_EXPONENT for n in exponent):
                    self.too_large(start)
        return value


@functools.lru_cache(maxsize=1000)
def _approximate(constant: sp.Expr) -> sp.Expr | None:
    """Some digits of it; 0 if a hundred do not tell it from 0, None if it is no real number."""
    if constant.is_Rational:
        return constant
    try:
        number = constant.evalf(5, strict=True)
    except PrecisionExhausted:
        return sp.Integer(0)
    return number if number.is_Float or number.is_Rational else None


def _is_partial(node: sp.Basic) -> bool:
    """It may be undefined somewhere, or is defined in pieces."""
    if not node.is_Pow or (node.exp.is_Integer and node.exp > 0):
        return isinstance(node, PARTIAL)
    return not (node.base.is_number and (_approximate(node.base) or 0) > 0)


def _levels(expression: sp.Basic) -> int:
    return 1 + max(map(_levels, expression.args), default=0)
