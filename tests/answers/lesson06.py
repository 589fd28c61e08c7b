"""Answers to the exercises of lesson06: feature maps and kernels."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

x, z, x1, x2, p, d = sp.symbols("x z x1 x2 p d")  # without assumptions
xi, zi = sp.symbols("x z", positive=True)
k = sp.Function("k")
root3 = sp.sqrt(3)
HALF = sp.Rational(1, 2)
POWERS = [x, x**2]
TURNED = [(3 * x + 4 * x**2) / 5, (4 * x - 3 * x**2) / 5]
TINY = sp.Rational(1, 10**20)
XOR = [x1, x2, x1 * x2]
i = sp.Symbol("i", integer=True)


def choose(p, d):
    return math.comb(p + d, d)


def by_brackets(count: int) -> list[sp.Expr]:
    """The features of (1 + xz) times itself, without collecting: 1, x, x, x², ..."""
    found: list[sp.Expr] = [sp.S.One]
    for _ in range(count):
        found = [f * g for f in found for g in (1, x)]
    return found


# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q1": (
        [
            ([(x1 - x2) ** 2], [1], HALF),
            ([(x1 - x2) ** 2], 1, 0.5),
            ((x1 - x2) ** 2, 3, Fraction(1, 7)),
            (sp.Matrix([x1, x2, x1 * x2]), np.array([1.0, 1.0, -2.0]), np.array([0.5])),
            (XOR, sp.Matrix([sp.sqrt(2), sp.sqrt(2), -sp.sqrt(8)]), TINY),
            ([1, x1, x2, x1**2, x2**2, x1 * x2], (-HALF, 1, 1, 0, 0, -2), 0),
            (np.array([x1 - x2, (x1 - x2) ** 2, 5]), (0, 1, 0), 0.25),
            ([(x1 - HALF) * (x2 - 0.5)], -1, 0),
            ([x1 * (1 - x2), x2 * (1 - x1)], [1, 1], 0.3),
        ],
        [
            ((XOR, [1, 1, -1], HALF), "At (1, 1) the weighted sum is 1: above"),
            ((XOR, [1, 1, 1], HALF), "At (1, 1) the weighted sum is 3: above"),
            ((XOR, [1, 1, -2], 0), "At (0, 0) the weighted sum is 0: on the cut"),
            ((XOR, [1, 1, -2], 1), "At (0, 1) the weighted sum is 1: on the cut"),
            ((XOR, [1, 1, -2], 1 + TINY), "At (0, 1) the weighted sum is 1: below"),
            ((XOR, [-1, -1, 2], -HALF), "the wrong way round"),
            (([x1, x2], [1, 1], HALF), "No weights for [x1, x2] can do it"),
            (([1, x1, x2 + 3], [0, 1, -1], 0), "No weights for [1, x1, x2 + 3] can do it"),
            (([3, 4], [1, 1], HALF), "No weights for [3, 4] can do it"),
            ((XOR, [1, 1], HALF), "3 features, and [1, 1] has 2 weights"),
            ((XOR, 1, HALF), "3 features, and 1 has 1 weight"),
            (([x1, x2, x1**2 * x2], [1, 1, -2], HALF), "x1**2*x2 has the degree 3"),
            (([sp.Abs(x1 - x2)], [1], HALF), "is no polynomial in x1 and x2"),
            (([x1**x2], [1], HALF), "x1**x2 is no polynomial"),
            (([sp.Mod(x1 + x2, 2)], [1], HALF), "Mod(x1 + x2, 2) is no polynomial"),
            (([sp.Symbol("z1")], [1], HALF), "contains z. A feature map lifts one point"),
            (([x], [1], HALF), "contains x, which stands for nothing"),
            ((["x1*x2"], [1], HALF), "x1*x2 is text"),
            ((lambda a: a, [1], HALF), "is a function. Give a sympy expression"),
            (([x1 ^ x2], [1], HALF), "is a Xor"),
            (([], [], HALF), "There is no feature in it"),
            ((XOR, [1, 1, x1], HALF), "x1 is a symbol"),
            ((XOR, [1, 1, float("nan")], HALF), "nan is not a real number"),
            ((XOR, [1, 1, -2], "1/2"), "1/2 is text"),
            (([x1] * 100, [1] * 100, HALF), "These are 100 features"),
            (([x1, x2, ...], [1, 1, -2], HALF), "One of the 3 features has not been given yet"),
            ((XOR, {1: 2}, HALF), "3 features, and {1: 2} has 1 weight"),
            ((XOR, [1, 1, -2], [0, 1]), "[0, 1] is not a real number"),
            (([(x1 + x2) ** 10**6], [1], HALF), "has the degree 1000000. That is too high"),
            (([x1, x2, x1**2, x2**2], [1, 1, 1, 1], HALF), "At (1, 1) the weighted sum is 4"),
            (([(x1 - HALF) ** 2 + (x2 - HALF) ** 2], [1], HALF), "(0, 0) the weighted sum is 1/2"),
        ],
    ),
    "q2": (
        [
            ([1, root3 * xi, root3 * xi**2, xi**3],),
            ([x**3, -root3 * x, 1, root3 * x**2],),
            (by_brackets(3),),
            (sp.Matrix([[1, root3 * x, root3 * x**2, x**3]]),),
            (np.array([1, np.sqrt(3) * x, np.sqrt(3) * x**2, x**3]),),
            ([1, 3**0.5 * x, 3**0.5 * x**2, x**3, 0],),
            ([1, sp.sqrt(2) * x, x, root3 * x * x, x * x**2],),
            ([1, root3 * (3 * x + 4 * x**2) / 5, root3 * (4 * x - 3 * x**2) / 5, x**3],),
        ],
        [
            (([1, x, x**2, x**3],), "has 1·xz, and (1 + xz)³ has 3·xz."),
            (([1, 3 * x, 3 * x**2, x**3],), "has 9·xz, and (1 + xz)³ has 3·xz. Each factor"),
            (([1, root3 * x, root3 * x**2],), "has no x³z³, and (1 + xz)³ has 1·x³z³"),
            (
                ([root3 * x, root3 * x**2, x**3],),
                "has no constant term, and (1 + xz)³ has 1 as its",
            ),
            (([2, root3 * x, root3 * x**2, x**3],), "has 4 as its constant term"),
            (([1, root3 * x, 2 * x**2, x**3],), "has 4·x²z², and"),
            (([1, 1.732 * x, 1.732 * x**2, x**3],), "has 2.999824·xz, and"),
            (
                ([1, 1.7320508 * x],),
                "has 2.99999997378064·xz, and (1 + xz)³ has 3·xz. That is near",
            ),
            (([1, 10**200 * x],), "has 1e+400·xz, and"),
            (([],), "Give a list, as in [1, x]"),
            (
                ([(1 + x) ** 3],),
                "has 3·x, and (1 + xz)³ has no x. It comes from a feature that is a sum",
            ),
            (([1, x + x**2, root3 * x, x**3],), "has 4·xz"),
            (([1, root3 * x, root3 * x**2, x**3, x**4],), "1·x⁴z⁴, and (1 + xz)³ has no x⁴z⁴"),
            (([1, root3 * x, x**2, sp.sqrt(2) * (x**2 - x**5), x**3],), "x⁵z², and"),
            (([1 - TINY, root3 * x, root3 * x**2, x**3],), "near, and not equal"),
            (([sp.sqrt(1 + 3 * x**2), x**3],), "is no polynomial in x"),
            (([1, x * z, x**2 * z**2],), "contains z. A feature map lifts one point"),
            (((1 + x * z) ** 3,), "(x*z + 1)**3 contains z"),
            (([1, x1, x1**2],), "contains x1, which stands for nothing here"),
            (([1, "sqrt(3)*x", x**2],), "sqrt(3)*x is text"),
            ((["x"],), "x is text"),
            ((lambda t: [1, t],), "is a function"),
            (([[1, root3 * x], [root3 * x**2, x**3]],), "is a list. Give a sympy expression"),
            (([1, sp.I * x],), "is not a real number"),
            (([1, 1 / x],), "is no polynomial"),
            ((np.zeros(4),), "With [0. 0. 0. 0.]"),
            ((1,), "With 1,"),
            (([(x + 1) ** 5000],), "has the degree 5000"),
            (([1, sp.sqrt(3 * x), sp.sqrt(3) * x, x * sp.sqrt(x)],), "is no polynomial in x"),
            (([1, sp.sqrt(2) * x, sp.sqrt(2) * x**2, x**3],), "has 2·xz, and (1 + xz)³ has 3·xz"),
        ],
    ),
    "q3": (
        [
            (POWERS, TURNED),
            ([x, x**2, 0], [x / sp.sqrt(2), x / sp.sqrt(2), x**2]),
            ([POWERS, TURNED],),
            (sp.Matrix([POWERS, TURNED]),),
            (np.array(POWERS), np.array([0.6 * x + 0.8 * x**2, 0.8 * x - 0.6 * x**2])),
            (
                [x * sp.cos(1) + x**2 * sp.sin(1), x * sp.sin(1) - x**2 * sp.cos(1)],
                [x / 2, x / 2, x / 2, x / 2, x**2],
            ),
            ([0.5**0.5 * x, 0.5**0.5 * x, x**2], POWERS),
        ],
        [
            ((POWERS, POWERS), "the same features but for order, signs and zeros"),
            ((POWERS, [x**2, x]), "and [x**2, x] have the same features"),
            ((POWERS, [-x, x**2]), "and [-x, x**2] have the same"),
            ((POWERS, [x, 0, -(x**2), 0]), "and [x, 0, -x**2, 0] have the same"),
            ((POWERS, [1.0 * x, 1.0 * x**2]), "and [1.0*x, 1.0*x**2] have the same"),
            ((POWERS, [x, x * x + 0 * x, sp.S.Zero]), "and [x, x**2, 0] have the same"),
            ((POWERS, [x / 2, x / 2, x**2]), "The second: With [x/2, x/2, x**2], ⟨φ(x), φ(z)⟩ has"),
            ((POWERS, [x + x**2]), "The second: With [x**2 + x], ⟨φ(x), φ(z)⟩ has 1·x²z"),
            (([x, x**3], POWERS), "The first: With [x, x**3]"),
            ((POWERS, [1, x, x**2]), "1 as its constant term, and xz + x²z² has no constant term"),
            ((POWERS, [x * z, x**2]), "contains z"),
            ((POWERS, [x, "x**2"]), "x**2 is text"),
            ((POWERS, x), "The second: With x,"),
            ((POWERS, []), "no feature in it"),
            ((POWERS, [2 * x, x**2 / 2]), "With [2*x, x**2/2], ⟨φ(x), φ(z)⟩ has 4·xz"),
            ((POWERS, [x, x, x**2]), "With [x, x, x**2], ⟨φ(x), φ(z)⟩ has 2·xz"),
        ],
    ),
    "q4": (
        [
            (k(xi, xi) - k(xi, zi) - k(zi, xi) + k(zi, zi),),
            (k(z, z) + k(x, x) - 2.0 * k(z, x),),
            ([k(x, x) - 2 * k(x, z) + k(z, z)],),
            (sp.Abs(k(x, x) - 2 * k(x, z) + k(z, z)),),
            (sp.Max(k(x, x) - 2 * k(x, z) + k(z, z), 0),),
            ((k(x, x) ** 2 - (2 * k(x, z) - k(z, z)) ** 2) / (k(x, x) + 2 * k(x, z) - k(z, z)),),
        ],
        [
            ((k(x, x) + k(z, z),), "leaves out the inner product of the two"),
            ((k(x, x) - k(x, z) + k(z, z),), "takes the product of the two once"),
            ((k(x, x) + 2 * k(x, z) + k(z, z),), "look at the sign"),
            ((k(x, x) - k(z, z),), "the difference of the two squared lengths"),
            ((sp.sqrt(k(x, x) - 2 * k(x, z) + k(z, z)),), "is the distance. Asked is its square"),
            ((2 * k(x, z) - k(x, x) - k(z, z),), "right but for the sign"),
            ((k(x, z),), "is the inner product, and no distance"),
            ((k(x - z, x - z),), "holds k(x - z, x - z). φ need not be linear"),
            ((k(1, 1),), "k(1, 1) holds k(1, 1). Take k at x and z"),
            ((sp.Derivative(k(x, z), x),), "no derivative or integral is needed"),
            ((k(x, x) - 2 * sp.sqrt(k(x, x) * k(z, z)) + k(z, z),), "is 9.3508894, and"),
            ((10**500 * k(x, x),), "is 2e+500, and"),
            ((k(x, z) ** 2,), "x = 1 and z = 2: k(x, z)**2 is 36"),
            (((x - z) ** 2,), "(x - z)**2 holds no k"),
            (((k(x, x) - k(x, z)) ** 2,), "x = 1 and z = 2"),
            ((10 + 0 * k(x, z),), "10 holds no k"),
            ((10 * k(x, z) - 50,), "x = 2 and z = 3"),
            ((k(x, z) ** 200 + (1 + k(x, x)) ** 300 * k(z, z),), "x = 1 and z = 2"),
            ((k(x),), "k(x) is unknown here"),
            ((sp.Function("phi")(x) - sp.Function("phi")(z),), "is unknown here"),
            ((k(x1, x2),), "contains x1, x2, which stands for nothing"),
            ((lambda a, b: 0,), "is a function"),
            (("k(x,x) - 2*k(x,z) + k(z,z)",), "is text"),
            ((2 - 2 * k(x, z),), "2 - 2*k(x, z) is −10, and"),
            ((k(x, x) + k(z, z) - 2 * k(x, x) * k(z, z),), "is −58, and"),
        ],
    ),
    "q5": (
        [
            (sp.factorial(p + d) / sp.factorial(p) / sp.factorial(d),),
            (sp.binomial(p + d, p),),
            (choose,),
            (lambda p, d: float(choose(p, d)),),
            (sp.Product((p + i) / i, (i, 1, d)),),
            (sp.Sum(sp.binomial(p + i - 1, i), (i, 0, d)),),
            (sp.binomial(p + d - 1, d) + sp.binomial(p + d - 1, d - 1),),
            (sp.Lambda((p, d), sp.binomial(p + d, d)),),
            (1.0 * sp.binomial(p + d, d),),
            (sp.gamma(p + d + 1) / sp.gamma(p + 1) / sp.gamma(d + 1),),
        ],
        [
            ((sp.binomial(p + d, d) - 1,), "is short by one"),
            ((sp.binomial(p + d - 1, d),), "counts the products of exactly d variables"),
            ((sp.binomial(p, d),), "counts the products of d different variables"),
            (((p + 1) ** d,), "counts x1 x2 and x2 x1 as two"),
            ((p**d,), "counts lists of exactly d variables"),
            (((d + 1) ** p,), "lets each variable have a power up to d"),
            ((p * d + 1,), "counts the powers of single variables"),
            (
                (p + d,),
                "For p = 2 and d = 2, d + p gives 4, and there are 6: 1, x1, x2, x1², x1 x2, x2².",
            ),
            ((lambda p, d: p + d,), "your function gives 4, and there are 6"),
            ((math.comb,), "counts the products of d different variables"),
            ((30045015,), "is one number. Give a formula"),
            ((sp.binomial(20 + d, d),), "gives 21, and there are 2: 1, x1"),
            ((sp.binomial(x + d, d),), "contains x, which stands for nothing"),
            ((lambda p: p,), "could not be checked (TypeError"),
            ((lambda p, d: "6",), "6 is text"),
            (("binomial(p + d, d)",), "is text"),
            (([p, d],), "is a list"),
            ((sp.log(p) + d,), "and there are 2"),
            ((p ** (p**p) + d,), "For p = 2 and d = 1, d + p**(p**p)"),
            ((math.prod,), "could not be checked"),
            ((sp.binomial(p + d, d) + TINY,), "For p = 1 and d = 1"),
            ((sp.factorial(10**6 * p),), "holds 1000000. No number of that size"),
            ((sp.log(p - 1),), "For p = 1 and d = 1, log(p - 1) gives zoo, no number"),
            ((sp.Function("f")(p, d),), "gives f(1, 1), no number"),
            ((sp.Sum(sp.binomial(p, i), (i, 0, d)),), "gives 2, and there are 3: 1, x1, x1²"),
            (((p + 1) * (p + 2) / 2,), "For p = 1 and d = 1, (p + 1)*(p + 2)/2 gives 3"),
        ],
    ),
}

FUNCTIONS = ("q5",)
