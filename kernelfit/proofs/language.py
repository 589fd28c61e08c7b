"""The words of typed formulas, and how a text outside of the language is refused."""

from __future__ import annotations

import difflib
import keyword
import re
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

import sympy as sp

from .._checks import InputError

MAX_EXPONENT = 200
MAX_SIZE = 300  # a constant lies between 10**-300 and 10**300 and has no more digits

VARIABLES = {name: sp.Symbol(name, real=True) for name in ("x", "y", "z")}
CONSTANTS = {"pi": sp.pi, "π": sp.pi, "e": sp.E}
COMPARISONS = {"<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge, "==": sp.Eq, "!=": sp.Ne}
COMPARISONS |= {"≤": sp.Le, "≥": sp.Ge, "≠": sp.Ne}


def _absolute(t: sp.Expr) -> sp.Expr:
    """|t|; where sympy cannot see that t is real, as in log(x), its Abs would multiply out."""
    return sp.Abs(t) if t.is_extended_real else sp.sqrt(t**2)


def worth_of(compare: Callable[..., Any], left: sp.Expr, right: sp.Expr) -> sp.Expr:
    """1 where the comparison holds, 0 elsewhere."""
    return sp.Piecewise((1, compare(left, right)), (0, True))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{f.__name__: f for f in (sp.exp, sp.log, sp.sqrt, sp.sign, sp.floor, sp.sinc)},
    **{f.__name__: f for f in (sp.sin, sp.cos, sp.tan, sp.asin, sp.acos, sp.atan)},
    **{f.__name__: f for f in (sp.sinh, sp.cosh, sp.tanh, sp.sech, sp.asinh, sp.acosh, sp.atanh)},
}
FUNCTIONS |= {"arcsin": sp.asin, "arccos": sp.acos, "arctan": sp.atan}  # other spellings
FUNCTIONS |= {"arcsinh": sp.asinh, "arccosh": sp.acosh, "arctanh": sp.atanh}
FUNCTIONS |= {"ln": sp.log, "abs": _absolute, "min": sp.Min, "max": sp.Max, "ceil": sp.ceiling}
NAMES = [*VARIABLES, *CONSTANTS, *FUNCTIONS]

TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*|π)"
    r"|(?P<superscript>[⁰¹²³⁴-⁹]+)"
    r"|(?P<operator>\*\*|[<>=!]=|[-+*/^()|,<>≤≥≠])"
)
PLAIN = str.maketrans("×·⋅∗÷−–", "****/--")  # one character for one, so that places stay
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
LOOKALIKES = str.maketrans("хуасеорісχνοι", "xyaceopicxvoi")  # Cyrillic and Greek
HINTS = {
    "=": "Compare with == in parentheses, (x == z), and with <= or >=.",
    ".": "A point belongs inside a number, as in 0.5; there are no attributes.",
    **dict.fromkeys("[]{}", "Use round parentheses, ( and )."),
    **dict.fromkeys("'\"", "Leave the quotes out: the formula is text already."),
    **dict.fromkeys(";\n\r", "Type one formula, on one line."),
    "\\": "Type it as on a pocket calculator, not as LaTeX: sqrt(x), x/z, pi.",
    "√": "Write sqrt(x).",
    "—": "Write - for minus.",
    "&": "Multiply two comparisons to say and: (0 < x)*(x < 1).",
    "!": "Different is !=; a factorial is not among the functions.",
    "%": "The remainder of x by z is x - z*floor(x/z).",
    "∞": "Every number has to be finite.",
}


class Token(NamedTuple):
    """A word of a formula and where it stands."""

    kind: str  # number, name, superscript, operator or end
    text: str
    place: int


class Refusals:
    """What a reader says about a place in its text."""

    text: str
    read: list[Token]  # what lies behind
    token: Token  # what comes next

    def take(self, *operators: str) -> Token | None:
        """The next token if it is one of these operators."""
        raise NotImplementedError

    def refuse(self, place: int, rule: str, got: str, advice: str) -> NoReturn:
        """One sentence of the house's shape, and the text with a mark under the place."""
        first = max(0, place - 50)  # a window of the text, for a long one
        window = self.text[first : first + 72]
        shown = "".join(c if c.isprintable() else " " for c in window)
        raise InputError(
            f"The formula must {rule}, got {got} at character {place + 1}. {advice}\n"
            f"    {shown}\n    {' ' * (place - first)}^"
        )

    def since(self, start: int) -> str:
        """What has been read since that place, as it was typed."""
        return short(self.text[start : self.read[-1].place + len(self.read[-1].text)])

    def too_large(self, start: int) -> NoReturn:
        rule = (
            f"keep numbers between 10**-{MAX_SIZE} and 10**{MAX_SIZE} in size, and exponents "
            f"between -{MAX_EXPONENT} and {MAX_EXPONENT}"
        )
        self.refuse(start, rule, self.since(start), "Smaller numbers show the same.")

    def not_real(self, start: int) -> NoReturn:
        got = f"{self.since(start)}, which is not a real number,"
        advice = "log needs more than 0; sqrt and other fractional powers need 0 or more, asin and "
        advice += "acos a number from -1 to 1."
        self.refuse(start, "have a real number as its value", got, advice)

    def close(self, opening: Token, closing: str) -> None:
        if self.take(closing):
            return
        if self.token.kind == "end" or self.token.text in (")", "|"):
            rule = f"close every {opening.text} with a {closing}"
            advice = f"Add the {closing} that is missing."
            self.refuse(opening.place, rule, f"{opening.text!r} left open", advice)
        self.unexpected()

    def missing_operand(self, token: Token) -> NoReturn:
        before = self.read[-2] if len(self.read) > 1 else None
        where = f"after {quoted(before)}" if before else "at its beginning"
        advice = "Add the number or variable that is missing."
        if before and before.text + token.text == "//":
            advice = "The whole part of a quotient is floor(x/z)."
        self.refuse(token.place, f"have a value {where}", quoted(token), advice)

    def unexpected(self) -> NoReturn:
        """An operand has ended, and what comes is no operator of this place."""
        token, before = self.token, self.read[-1]
        product = f"{self.text[: token.place].rstrip()}*{self.text[token.place :]}"
        rule, advice = "have a sign between factors", f"Write {short(product)}."
        if token.text in COMPARISONS:
            rule, advice = "put a comparison into parentheses", "(x < z) is worth 1 or 0."
        elif token.text == ",":
            rule = "have commas between the arguments of min and max alone"
            advice = "Decimals have a point: 1.5."
        elif token.text in (")", "|"):
            rule = f"have a {'(' if token.text == ')' else '|'} for every {token.text}"
            advice = "Leave it out, or open it before."
        elif before.kind == token.kind == "number":
            advice = "A number has one point at most, 1.5; a product has a sign, 2*3."
        self.refuse(token.place, rule, f"{quoted(token)} after {quoted(before)}", advice)

    def unknown_name(self, name: Token) -> NoReturn:
        low = name.text.lower()
        nearest = difflib.get_close_matches(low, NAMES, 1)
        factors = re.findall(r"pi|[xyze]|[0-9]+", low)
        advice = f"Did you mean {nearest[0]}? " if nearest else ""
        if low not in NAMES and "".join(factors) == low:
            advice = f"For a product write {short('*'.join(factors))}. "
        elif "__" in low or keyword.iskeyword(name.text):
            advice = "A formula is arithmetic and runs no Python. "
        advice += f"The names are x, y, z, pi, e and the functions {', '.join(FUNCTIONS)}."
        self.refuse(name.place, "use names that it knows", quoted(name), advice)

    def unknown_character(self, character: str, place: int) -> NoReturn:
        plain = unicodedata.normalize("NFKC", character).translate(LOOKALIKES)
        name = "" if character.isascii() else f" ({unicodedata.name(character, 'no name').lower()})"
        advice = HINTS.get(character, "Use letters, digits, + - * / ** ( ) and commas.")
        if plain != character and plain.isascii():
            advice = f"Type the plain {plain} instead."
        rule = "be made of numbers, names and the signs of arithmetic"
        self.refuse(place, rule, f"{character!r}{name}", advice)


def quoted(token: Token) -> str:
    """The token as a refusal names it."""
    return token.text if token.kind == "end" else short(repr(token.text))


def short(text: str) -> str:
    """The text, cut off where it gets long."""
    return text if len(text) <= 40 else f"{text[:37]}..."
