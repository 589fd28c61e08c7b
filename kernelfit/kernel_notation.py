"""How kernels are written: as one would type them, and as a formula.

One function for each notation and one registration for each kernel; a kernel that is not
registered is written by its name.
"""

from __future__ import annotations

import dataclasses
import numbers
from collections.abc import Callable, Iterator
from functools import singledispatch
from typing import Any

import numpy as np

from .kernel_algebra import (
    Composed,
    Constant,
    Exp,
    Feature,
    Kernel,
    Normalized,
    Power,
    Product,
    Sum,
    Weighted,
)
from .kernels import (
    Brownian,
    Gaussian,
    Laplacian,
    Legendre,
    Linear,
    Periodic,
    Polynomial,
    PowerSum,
)

Names = dict[int, str]  # of functions, by their id: different ones get different names

SUM, PRODUCT, POWER, ATOM = range(4)  # what binds tighter has the larger number


def typed(kernel: Kernel) -> str:
    """The kernel as one would type it: ``2 * Gaussian(0.5) + Linear() ** 2``."""
    return _typed(kernel, function_names(kernel))[0]


def latex(kernel: Kernel, x: str = "x", z: str = "z") -> str:
    """The formula of k(x, z) for TeX."""
    return _latex(kernel, x, z, function_names(kernel))[0]


def function_names(kernel: Kernel) -> Names:
    """A name for each function in a kernel: its own, or f, g, h, f_1, f_2, ... if it has none."""
    found: Names = {}
    for f in _functions(kernel):
        if id(f) in found:
            continue
        own = getattr(f, "__name__", "")
        free = (name for name in _letters() if name not in found.values())
        usable = str(own).isidentifier() and own not in {*found.values(), "x", "z"}
        found[id(f)] = own if usable else next(free)
    return found


def _letters() -> Iterator[str]:
    yield from "fgh"
    yield from (f"f_{i}" for i in range(1, 1000))


def _functions(kernel: Kernel) -> Iterator[Callable[[Any], Any]]:
    for field in dataclasses.fields(kernel):  # type: ignore[arg-type]
        value = getattr(kernel, field.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Kernel):
                yield from _functions(part)
            elif callable(part):
                yield part


# As one would type it


@singledispatch
def _typed(kernel: Kernel, names: Names) -> tuple[str, int]:
    """The text and how tightly its last operation binds."""
    fields = dataclasses.fields(kernel)  # type: ignore[arg-type]
    values = ((field, getattr(kernel, field.name)) for field in fields)
    parts = [
        _plain(value) if field.default is dataclasses.MISSING else f"{field.name}={_plain(value)}"
        for field, value in values
        if field.default is dataclasses.MISSING or value != field.default
    ]
    return f"{type(kernel).__name__}({', '.join(parts)})", ATOM


@_typed.register
def _(k: Feature, names: Names) -> tuple[str, int]:
    return f"Feature({names[id(k.f)]})", ATOM


@_typed.register
def _(k: Sum, names: Names) -> tuple[str, int]:
    return " + ".join(_bare(k.terms, SUM, names)), SUM


@_typed.register
def _(k: Product, names: Names) -> tuple[str, int]:
    return " * ".join(_bare(k.factors, PRODUCT, names)), PRODUCT


@_typed.register
def _(k: Power, names: Names) -> tuple[str, int]:
    return f"{_inner(k.kernel, ATOM, names)} ** {int(k.exponent)}", POWER


@_typed.register
def _(k: Exp, names: Names) -> tuple[str, int]:
    return f"exp({_typed(k.kernel, names)[0]})", ATOM


@_typed.register
def _(k: Weighted, names: Names) -> tuple[str, int]:
    return f"{_inner(k.kernel, ATOM, names)}.weighted({names[id(k.f)]})", ATOM


@_typed.register
def _(k: Composed, names: Names) -> tuple[str, int]:
    return f"{_inner(k.kernel, ATOM, names)}.of({names[id(k.g)]})", ATOM


@_typed.register
def _(k: Normalized, names: Names) -> tuple[str, int]:
    return f"{_inner(k.kernel, ATOM, names)}.normalized()", ATOM


def _inner(kernel: Kernel, least: int, names: Names) -> str:
    text, binds = _typed(kernel, names)
    return text if binds >= least else f"({text})"


def _bare(parts: tuple[Kernel, ...], level: int, names: Names) -> list[str]:
    """The parts of a sum or product; a constant as its number, where Python still sees a kernel."""
    texts = [_inner(part, level + 1, names) for part in parts]
    plain = [isinstance(part, Constant) for part in parts]
    first_is_needed = len(parts) == 1 or plain[1]
    for i, part in enumerate(parts):
        if isinstance(part, Constant) and not (i == 0 and first_is_needed):
            texts[i] = _plain(part.value)
    return texts


def _plain(value: Any) -> str:
    """The number as Python writes it, without numpy's name for its kind."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_plain, value))})"
    return repr(value.item() if isinstance(value, np.generic) else value)


# As a formula


@singledispatch
def _latex(kernel: Kernel, x: str, z: str, names: Names) -> tuple[str, int]:
    """The formula and how tightly its last operation binds."""
    return rf"\operatorname{{{type(kernel).__name__}}}({x}, {z})", ATOM


@_latex.register
def _(k: Constant, x: str, z: str, names: Names) -> tuple[str, int]:
    return number(k.value), ATOM


@_latex.register
def _(k: Feature, x: str, z: str, names: Names) -> tuple[str, int]:
    return rf"{_call(k.f, x, names)}\, {_call(k.f, z, names)}", PRODUCT


@_latex.register
def _(k: Sum, x: str, z: str, names: Names) -> tuple[str, int]:
    return " + ".join(_in_formula(part, SUM, x, z, names) for part in k.terms), SUM


@_latex.register
def _(k: Product, x: str, z: str, names: Names) -> tuple[str, int]:
    factors = [_in_formula(part, PRODUCT, x, z, names) for part in k.factors]
    joined = factors[0]
    for before, factor in zip(k.factors, factors[1:], strict=False):
        both_numbers = isinstance(before, Constant) and factor[:1].isdigit()
        joined += (r" \cdot " if both_numbers else r"\, ") + factor
    return joined, PRODUCT


@_latex.register
def _(k: Power, x: str, z: str, names: Names) -> tuple[str, int]:
    inside, binds = _latex(k.kernel, x, z, names)
    simple = binds == ATOM and "^" not in inside and not inside.startswith(r"\frac")
    base = inside if simple else rf"\left({inside}\right)"
    return f"{base}^{{{int(k.exponent)}}}", POWER


@_latex.register
def _(k: Exp, x: str, z: str, names: Names) -> tuple[str, int]:
    return rf"\exp\left({_latex(k.kernel, x, z, names)[0]}\right)", ATOM


@_latex.register
def _(k: Weighted, x: str, z: str, names: Names) -> tuple[str, int]:
    inside = _in_formula(k.kernel, PRODUCT, x, z, names)
    return rf"{_call(k.f, x, names)}\, {inside}\, {_call(k.f, z, names)}", PRODUCT


@_latex.register
def _(k: Composed, x: str, z: str, names: Names) -> tuple[str, int]:
    return _latex(k.kernel, _call(k.g, x, names), _call(k.g, z, names), names)


@_latex.register
def _(k: Normalized, x: str, z: str, names: Names) -> tuple[str, int]:
    above = _latex(k.kernel, x, z, names)[0]
    below = [_in_formula(k.kernel, PRODUCT, u, u, names) for u in (x, z)]
    return rf"\frac{{{above}}}{{\sqrt{{{below[0]}\, {below[1]}}}}}", ATOM


@_latex.register
def _(k: Linear, x: str, z: str, names: Names) -> tuple[str, int]:
    return rf"\langle {x}, {z} \rangle", ATOM


@_latex.register
def _(k: Polynomial, x: str, z: str, names: Names) -> tuple[str, int]:
    return rf"\left({number(k.offset)} + \langle {x}, {z} \rangle\right)^{{{int(k.degree)}}}", POWER


@_latex.register
def _(k: PowerSum, x: str, z: str, names: Names) -> tuple[str, int]:
    return rf"\sum_{{i=0}}^{{{int(k.degree)}}} \left({x}\, {z}\right)^i", SUM


@_latex.register
def _(k: Legendre, x: str, z: str, names: Names) -> tuple[str, int]:
    return rf"\sum_{{i=0}}^{{{int(k.degree)}}} p_i({x})\, p_i({z})", SUM


@_latex.register
def _(k: Brownian, x: str, z: str, names: Names) -> tuple[str, int]:
    return rf"\min({x}, {z})", ATOM


@_latex.register
def _(k: Gaussian, x: str, z: str, names: Names) -> tuple[str, int]:
    below = rf"2 \cdot {_one_number(k.width)}^2"
    return rf"\exp\left(-\frac{{\|{x} - {z}\|^2}}{{{below}}}\right)", ATOM


@_latex.register
def _(k: Laplacian, x: str, z: str, names: Names) -> tuple[str, int]:
    norm = rf"\|{x} - {z}\|_1"
    return rf"\exp\left(-\frac{{{norm}}}{{{number(k.width)}}}\right)", ATOM


@_latex.register
def _(k: Periodic, x: str, z: str, names: Names) -> tuple[str, int]:
    sine = rf"\sin^2\left(\pi ({x} - {z}) / {_one_number(k.period)}\right)"
    return rf"\exp\left(-\frac{{2 {sine}}}{{{_one_number(k.width)}^2}}\right)", ATOM


def number(value: Any) -> str:
    """A number for TeX: fractions as such, powers of ten written out."""
    if isinstance(value, numbers.Rational) and value.denominator != 1:
        return rf"\frac{{{value.numerator}}}{{{value.denominator}}}"
    text = str(value)
    mantissa, e, exponent = text.partition("e")
    if e:
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    return text.removesuffix(".0")


def _one_number(value: Any) -> str:
    """The same in brackets if it is more than digits: what follows belongs to all of it."""
    text = number(value)
    return rf"\left({text}\right)" if "\\" in text else text


def _call(f: Callable[[Any], Any], argument: str, names: Names) -> str:
    name = names[id(f)]
    letter, _, index = name.partition("_")
    plain = f"{letter}_{{{index}}}" if index else letter
    shown = plain if len(letter) == 1 else rf"\operatorname{{{name.replace('_', chr(92) + '_')}}}"
    return f"{shown}({argument})"


def _in_formula(kernel: Kernel, level: int, x: str, z: str, names: Names) -> str:
    text, binds = _latex(kernel, x, z, names)
    return text if binds >= level else rf"\left({text}\right)"
