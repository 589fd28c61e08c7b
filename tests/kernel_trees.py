"""What the tests of kernels share: every kernel once, the textbook's formulas, random kernels.

The formulas are written anew for mpmath, a point at a time. Each says where it rounds, so that the
room for a computed value comes from the condition of its formula: from what a small change at each
of these places, one after the other, does to the result.
"""

import math

import mpmath
import numpy as np
from fits import read_only
from hypothesis import strategies as st

import kernelfit as kf
from kernelfit import kernel_algebra as algebra

DIGITS = 60
CHANGE = mpmath.mpf(10) ** -20

# Functions of a point, for numpy and for mpmath


def wave(x):
    return np.sin(x) + 2


def half(x):
    return x / 2


def circle(x):
    return [np.cos(x), np.sin(x)]


def length(x):
    return np.sqrt(x[:, 0] ** 2 + x[:, 1] ** 2)


def turned(x):
    return np.column_stack([x[:, 1], -x[:, 0]])


def jump(x):
    return 1 if x > 0.25 else -0.5


def one(x):
    return 1.0


IN_MPMATH = {
    wave: lambda x: mpmath.sin(x) + 2,
    half: lambda *x: tuple(u / 2 for u in x),
    math.atan: mpmath.atan,
    np.cos: mpmath.cos,
    circle: lambda x: (mpmath.cos(x), mpmath.sin(x)),
    length: lambda x, y: mpmath.hypot(x, y),
    turned: lambda x, y: (y, -x),
    jump: lambda x: mpmath.mpf(1) if x > 0.25 else mpmath.mpf(-0.5),
    one: lambda *x: mpmath.mpf(1),
    abs: abs,
}


# The textbook


class Rounding:
    """Counts the places where a formula rounds, and changes the value at one of them."""

    def __init__(self, place=None):
        self.place, self.places = place, 0

    def __call__(self, value):
        self.places += 1
        value = mpmath.mpmathify(value)
        return value * (1 + CHANGE) if self.places == self.place else value


def applied(f, x, r):
    values = IN_MPMATH[f](*x)
    return tuple(map(r, values if isinstance(values, tuple) else (values,)))


def inner_product(x, z, r):
    return r(mpmath.fsum(r(a * b) for a, b in zip(x, z, strict=True)))


def legendre(k, x, z, r):
    low, high = (mpmath.mpmathify(end) for end in k.domain)
    s, t = (r((2 * u[0] - low - high) / (high - low)) for u in (x, z))
    pairs = [(r(mpmath.legendre(i, s)), r(mpmath.legendre(i, t))) for i in range(k.degree + 1)]
    return mpmath.fsum((2 * i + 1) * p * q for i, (p, q) in enumerate(pairs))


def periodic(k, x, z, r):
    w, T = r(k.width), r(k.period)
    waves = [mpmath.sin(r(mpmath.pi * (a - b) / T)) for a, b in zip(x, z, strict=True)]
    return mpmath.fprod(mpmath.exp(r(-2 * sine**2 / w**2)) for sine in waves)


def gaussian(k, x, z, r):
    square = mpmath.fsum(r(a - b) ** 2 for a, b in zip(x, z, strict=True))
    return mpmath.exp(-r(square / (2 * r(k.width) ** 2)))


def laplacian(k, x, z, r):
    distance = mpmath.fsum(abs(r(a - b)) for a, b in zip(x, z, strict=True))
    return mpmath.exp(-r(distance / r(k.width)))


def normalized(k, x, z, r):
    lengths = [mpmath.sqrt(value(k.kernel, u, u, r)) for u in (x, z)]
    return value(k.kernel, x, z, r) / (lengths[0] * lengths[1])


TEXTBOOK = {
    algebra.Constant: lambda k, x, z, r: r(k.value),
    algebra.Feature: lambda k, x, z, r: applied(k.f, x, r)[0] * applied(k.f, z, r)[0],
    algebra.Sum: lambda k, x, z, r: mpmath.fsum(value(part, x, z, r) for part in k.terms),
    algebra.Product: lambda k, x, z, r: mpmath.fprod(value(part, x, z, r) for part in k.factors),
    algebra.Power: lambda k, x, z, r: value(k.kernel, x, z, r) ** k.exponent,
    algebra.Exp: lambda k, x, z, r: mpmath.exp(value(k.kernel, x, z, r)),
    algebra.Weighted: lambda k, x, z, r: (
        applied(k.f, x, r)[0] * value(k.kernel, x, z, r) * applied(k.f, z, r)[0]
    ),
    algebra.Composed: lambda k, x, z, r: value(k.kernel, applied(k.g, x, r), applied(k.g, z, r), r),
    algebra.Normalized: normalized,
    kf.Linear: lambda k, x, z, r: inner_product(x, z, r),
    kf.Polynomial: lambda k, x, z, r: r(r(k.offset) + inner_product(x, z, r)) ** k.degree,
    kf.PowerSum: lambda k, x, z, r: mpmath.fsum(r((x[0] * z[0]) ** i) for i in range(k.degree + 1)),
    kf.Legendre: legendre,
    kf.Brownian: lambda k, x, z, r: min(x[0], z[0]),
    kf.Gaussian: gaussian,
    kf.Laplacian: laplacian,
    kf.Periodic: periodic,
}


def value(k, x, z, r):
    return r(TEXTBOOK[type(k)](k, x, z, r))


def exact(k, x, z):
    """The value by the textbook, and how far one relative rounding unit may move it."""
    with mpmath.workdps(DIGITS):
        points = [tuple(mpmath.mpf(float(u)) for u in np.ravel(point)) for point in (x, z)]
        r = Rounding()
        right = value(k, *points, r)
        places = range(1, r.places + 1)
        moved = [value(k, *points, Rounding(place)) - right for place in places]
        return right, mpmath.fsum(map(abs, moved)) / CHANGE


def assert_right(computed, k, x, z, unit=2.0**-53):
    right, condition = exact(k, x, z)
    with mpmath.workdps(DIGITS):
        error, room = abs(mpmath.mpf(computed) - right), 8 * unit * condition + 1e-290
    assert error <= room, f"{k!r} at {x}, {z}: {computed}, not {mpmath.nstr(right, 17)}"


# Every kernel and every rule

LINE = read_only([-1.75, -0.3, 0, 0.4, 0.4, 2.5])
POSITIVE = read_only([0, 0.3, 0.3, 1, 4])
PLANE = read_only([[0.2, -1], [0, 0], [1.5, 0.7], [0.2, -1], [-0.4, 2.1]])

ON_THE_LINE = [
    kf.PowerSum(4),
    kf.PowerSum(0),
    kf.Legendre(5),
    kf.Legendre(3, (-2, 3.5)),
    kf.Feature(wave),
    kf.Feature(jump),
    kf.Gaussian(0.5).weighted(math.atan),
    kf.Linear().of(circle),
    kf.Legendre(2).of(np.cos),
    kf.Brownian().of(abs),
    (kf.PowerSum(2) + 1).normalized(),
]
ANYWHERE = [
    kf.Constant(0.7),
    kf.Linear(),
    kf.Polynomial(3),
    kf.Polynomial(2, offset=0.1),
    kf.Polynomial(0, offset=0),
    kf.Gaussian(0.7),
    kf.Laplacian(1.3),
    kf.Periodic(0.9, 1.7),
    kf.Linear() + kf.Gaussian(1) + 0.5,
    kf.Linear() * kf.Laplacian(2) * 3,
    (kf.Linear() + 1) ** 3,
    kf.Linear() ** 0,
    kf.exp(kf.Linear() / 4),
    kf.Polynomial(2).normalized(),
    kf.Feature(one) * kf.Periodic(1, 2),
    kf.Periodic(2, 3).of(half),
    2 * kf.exp(0.5 * kf.Gaussian(1)) + kf.Linear() ** 2 * (1 + kf.Laplacian(0.5)),
]
IN_THE_PLANE = [
    kf.Feature(length),
    kf.Gaussian(1).weighted(length),
    kf.Brownian().of(length),
    kf.Linear().of(turned) + kf.Gaussian(2).of(turned),
]
CASES = [
    *((k, LINE) for k in (*ON_THE_LINE, *ANYWHERE)),
    (kf.Brownian(), POSITIVE),
    (kf.Brownian() ** 2 + kf.exp(0.2 * kf.Brownian()), POSITIVE),
    *((k, PLANE) for k in (*ANYWHERE, *IN_THE_PLANE)),
]


def parts(k):
    """The kernel and all kernels in it."""
    yield k
    for part in k.get_params().values():
        if isinstance(part, kf.kernels.Kernel):
            yield part


def kernel_classes(base=kf.kernels.Kernel):
    """Every kind of kernel in the package; what begins with _ is only a part of others."""
    for kind in base.__subclasses__():
        if kind.__module__.startswith("kernelfit.") and not kind.__name__.startswith("_"):
            yield kind
        yield from kernel_classes(kind)


# Random kernels

widths = st.floats(0.3, 4).map(lambda v: round(v, 2))
weights = st.one_of(st.integers(0, 3), st.sampled_from([0.1, 0.25, 1.5]))
degrees = st.integers(0, 3)

anywhere = st.one_of(
    st.builds(kf.Constant, weights),
    st.just(kf.Linear()),
    st.builds(kf.Polynomial, degrees, weights),
    st.builds(kf.Gaussian, widths),
    st.builds(kf.Laplacian, widths),
    st.builds(kf.Periodic, widths, widths),
)
on_the_line = st.one_of(
    anywhere,
    st.builds(kf.PowerSum, degrees),
    st.builds(kf.Legendre, degrees, st.sampled_from([(-1.0, 1.0), (0, 2), (-1.5, 0.1)])),
)


def trees(leaves, values=(), images=(), size=6):
    """Kernels built by the rules, with functions of the two kinds where some are given."""

    def longer(k):
        rules = [
            st.builds(lambda a, b: a + b, k, k),
            st.builds(lambda a, b: a * b, k, k),
            st.builds(lambda a, b: a * b, weights, k),
            st.builds(lambda a, b: a + b, k, weights),
            st.builds(lambda a, m: a**m, k, degrees),
            st.builds(kf.exp, k),
            st.builds(lambda a: a.normalized(), k),
        ]
        if values:
            rules += [
                st.builds(kf.Feature, st.sampled_from(values)),
                st.builds(lambda a, f: a.weighted(f), k, st.sampled_from(values)),
            ]
        if images:
            rules.append(st.builds(lambda a, g: a.of(g), k, st.sampled_from(images)))
        return st.one_of(rules)

    return st.recursive(leaves, longer, max_leaves=size)
