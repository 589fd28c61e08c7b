"""150 formulas, each with its domain, the truth whether it is a kernel there, and the reason.

The list was collected before the code that proves and refutes was written, by somebody who did
not know that code. 75 formulas are the course's own (the closure rules of slides 13-24, the traps
S13-S16 and S20, the package's kernels), 75 come from machine learning, geostatistics, smoothing,
splines and from what a curious learner types. None may be edited to suit the code.

A formula is typed in x and z; a comparison in parentheses is worth 1 when true and 0 otherwise;
sinc(t) is sin(t)/t, 1 at 0. In the reasons r is x - z, w a frequency, "transform" the Fourier
transform in r, I_n a modified Bessel function, and "determinant" or "least eigenvalue" that of
the Gram matrix at the points named.
"""

from typing import NamedTuple


class Formula(NamedTuple):
    """A formula k(x, z), where it lives, and what is true of it."""

    text: str  # typed, in x and z
    domain: str  # "R", "R+" (x >= 0), "Z", or an interval with rational ends
    is_kernel: bool
    why: str  # the proof idea, or a witness: points and the negative number


FROM_THE_COURSE: list[Formula] = [
    Formula("5/2", "R", True, "slide 17, Constant: a constant >= 0"),
    Formula("x*z", "R", True, "slide 15, Linear: the inner product"),
    Formula("(1 + x*z)**3", "R", True, "Polynomial: a whole power of the sum of two kernels"),
    Formula(
        "1 + x*z + (x*z)**2 + (x*z)**3 + (x*z)**4",
        "R",
        True,
        "PowerSum: sums and products of x*z and 1",
    ),
    Formula(
        "1/2 + 3*x*z/2 + 5*(3*x**2 - 1)*(3*z**2 - 1)/8",
        "[-1, 1]",
        True,
        "Legendre(2): a sum of f(x)f(z)",
    ),
    Formula("exp(-(x - z)**2/(2*2**2))", "R", True, "slides 18-24, Gaussian of width 2"),
    Formula("exp(-2*(x - z)**2)", "R", True, "S13, the Gaussian by its gamma = 2"),
    Formula(
        "exp(-abs(x - z)/3)", "R", True, "Laplacian: its transform (2/3)/(1/9 + w^2) is positive"
    ),
    Formula(
        "exp(-2*sin(pi*(x - z)/3)**2/2**2)",
        "R",
        True,
        "Periodic: a constant times exp(cos(2 pi (x - z)/3)/4), exp of a kernel",
    ),
    Formula("min(x, z)", "R+", True, "Brownian: the integral of 1[t < x] 1[t < z]"),
    Formula("min(z, x)", "R", False, "Brownian motion needs x >= 0: at -1 the value is -1"),
    Formula("sin(3*x)*sin(3*z)", "R", True, "slide 15, Feature: f(x)f(z)"),
    Formula("(x**3 - 2*x + 1)*(z**3 - 2*z + 1)", "R", True, "slide 15, Feature: f(x)f(z)"),
    Formula(
        "1 + x - z",
        "R",
        False,
        "S15b, not symmetric: 2 at (1, 0), 0 at (0, 1), though its form is (sum c)^2",
    ),
    Formula("x*z + exp(-(x - z)**2/2)", "R", True, "slide 16, the sum of two kernels"),
    Formula("x*z*exp(-abs(x - z))", "R", True, "slide 16, the product of two kernels"),
    Formula("exp(x*z)", "R", True, "slides 19-22, the limit of partial sums that are kernels"),
    Formula(
        "1 + x*z + (x*z)**2/2 + (x*z)**3/6", "R", True, "slides 19-22, a partial sum of exp(x*z)"
    ),
    Formula("exp(-x**2/2)*exp(x*z)*exp(-z**2/2)", "R", True, "slides 23-24, f(x)k(x, z)f(z)"),
    Formula(
        "exp(-(x**2 + z**2)/2)*(1 + x*z + x**2*z**2/2)",
        "R",
        True,
        "S20, the Gaussian's first three features",
    ),
    Formula("exp(exp(-(x - z)**2))", "R", True, "slide 17, exp of a kernel"),
    Formula("(1 + x**2)*exp(-(x - z)**2)*(1 + z**2)", "R", True, "slide 17, f(x)k(x, z)f(z)"),
    Formula("exp(-(sin(x) - sin(z))**2)", "R", True, "the Gaussian of g(x) = sin(x), g(z)"),
    Formula(
        "(1 + x*z)/sqrt((1 + x**2)*(1 + z**2))",
        "R",
        True,
        "lesson 08, a kernel normalised: f k f with f = 1/sqrt(1 + x^2)",
    ),
    Formula("exp(min(x, z))", "R+", True, "S16, exp entry by entry of a kernel"),
    Formula("min(x, z)**2", "R+", True, "S16, the square entry by entry of a kernel"),
    Formula("3*(1 + x*z)**2 + exp(x*z)*min(x, z)", "R+", True, "lesson 08, closure rules alone"),
    Formula(
        "-2*exp(-(x - z)**2)", "R", False, "slide 17 with a negative weight: at 0 the value is -2"
    ),
    Formula(
        "1 - x*z + x**2*z**2",
        "R",
        False,
        "p(k) with a negative coefficient: at -1, 1 with weights 1, -1 the form is -4",
    ),
    Formula(
        "(x*z - 1/2)**2",
        "R",
        False,
        "slide 17, offset < 0: at -1, 1 with weights 1, -1 the form is -4",
    ),
    Formula(
        "(1 + x*z)**(3/2)",
        "R+",
        False,
        "slide 17, power not whole: at 0, 1, 2, 3 least eigenvalue -0.00198",
    ),
    Formula(
        "(1 - (x*z)**4)/(1 - x*z)",
        "(-1, 1)",
        True,
        "S7c, the geometric sum 1 + x*z + ... + (x*z)^3",
    ),
    Formula(
        "(1 + x*z)**30",
        "R",
        True,
        "S14, a whole power of a kernel, though floats see negative eigenvalues",
    ),
    Formula("abs(x - z)", "R", False, "S15: at 0, 1 the least eigenvalue is -1"),
    Formula(
        "-(x - z)**2",
        "R",
        False,
        "S15, conditionally positive definite only: at 0, 1 least eigenvalue -1",
    ),
    Formula("1 + (x - z)**2", "R", False, "S15: at 0, 1 determinant -3"),
    Formula("x + z", "R", False, "S15: at 0, 1 least eigenvalue 1 - sqrt(2)"),
    Formula("tanh(x*z)", "R", False, "S15: at 1, 2 determinant -0.168"),
    Formula(
        "tanh(x*z + log(2))",
        "R",
        False,
        "S15: at sqrt(log(2)), 3 sqrt(log(2)) least eigenvalue -0.0528",
    ),
    Formula("tanh(x*z - 1)", "R", False, "S15: at 0 the value is -tanh(1)"),
    Formula("(x == z) - 1/2", "R", False, "S15: two points pass, at 0, 1, 2 determinant -1/2"),
    Formula("x*z - 1", "R", False, "S15: at 0 the value is -1"),
    Formula(
        "exp(-abs(x - z)**3)",
        "R",
        False,
        "S15: at -h, 0, h with h^3 = log(10/9) least eigenvalue -0.0756",
    ),
    Formula("(abs(x - z) <= 1)", "R", False, "S15, the box: at 0, 1, 2 determinant -1"),
    Formula(
        "max(1 - (x - z)**2, 0)", "R", False, "S15, Epanechnikov: at 0, 1/2, 1 determinant -1/8"
    ),
    Formula(
        "abs(cos(x - z))", "R", False, "S15: at 0, pi/4, pi/2, 3 pi/4 least eigenvalue 1 - sqrt(2)"
    ),
    Formula("cos(x - z)", "R", True, "S15: cos(x)cos(z) + sin(x)sin(z)"),
    Formula(
        "sqrt(1 + x*z)", "R+", False, "S15, the root of a kernel: at 0, 1, 2 determinant -0.0239"
    ),
    Formula("min(x*z, 1)", "R", False, "S15, the min of two kernels: at 1/2, 2 determinant -3/4"),
    Formula(
        "max(x*z, 1)", "R", False, "lesson 08, the max of two kernels: at 0, 1, 2 determinant -1"
    ),
    Formula("cos(x + z)", "R", False, "S15: at pi/2 the value is -1"),
    Formula("(x == z)", "R", True, "S19: every Gram matrix of distinct points is the identity"),
    Formula(
        "exp(-(x - z)**2/2) - exp(-(x - z)**2/18)/2",
        "R",
        False,
        "S14, 2 neighbours pass: at 0, 1, ..., 12 least eigenvalue -0.769",
    ),
    Formula("tanh(x*z + 2)", "R", False, "S15 (ii), a > 0: at 1, 2 determinant -0.00362"),
    Formula(
        "tanh(0*x*z + 1/2)",
        "R",
        True,
        "S15 (ii), the sigmoid with a = 0, b >= 0: a positive constant",
    ),
    Formula("tanh(2 - x*z)", "R", False, "S15 (ii), a < 0: at 2 the value is -tanh(2)"),
    Formula("(1 + x*z)**2 - (1 + x**2*z**2)", "R", True, "S15 (iii), a difference that is 2*x*z"),
    Formula(
        "-(x == z)", "[0, 1]", False, "S19: every double integral is 0, yet at 0 the value is -1"
    ),
    Formula(
        "exp(-abs(x - z)**(5/2))",
        "R",
        False,
        "S15 (i), exponent above 2: at 0, 1/2, 1 least eigenvalue -0.0153",
    ),
    Formula(
        "exp(-abs(z - x)**3)",
        "Z",
        True,
        "S15b: diagonally dominant, 2(e^-1 + e^-8 + e^-27 + ...) = 0.736 < 1",
    ),
    Formula("max(0, 1 - (z - x)**2)", "Z", True, "S15b, Epanechnikov on the integers is (x == z)"),
    Formula(
        "(x >= 0)*(z >= 0)*min(x*z, 1)", "Z", True, "S15b, min(x*z, 1) on x >= 0: (x > 0)(z > 0)"
    ),
    Formula("(abs(z - x) <= 1)", "[0, 1]", True, "S15b, the box is the constant 1 here"),
    Formula("abs(cos(z - x))", "[0, 3/2]", True, "S15b: equal to cos(x - z), as 3/2 < pi/2"),
    Formula("1 - abs(x - z)", "R", False, "S15b: at 0, 3 the entry -2 is larger than the diagonal"),
    Formula(
        "1 - abs(z - x)",
        "[0, 2]",
        True,
        "S15b: half the integral over [0, 2] of sign(x - t) sign(z - t)",
    ),
    Formula(
        "exp(-abs(x - z)) - exp(-2*abs(x - z))/2",
        "R",
        True,
        "S15b: transform 6/((1 + w^2)(4 + w^2))",
    ),
    Formula(
        "exp(-abs(x - z)) - 3*exp(-2*abs(x - z))/4",
        "R",
        False,
        "S15b, transform (5 - w^2)/((1 + w^2)(4 + w^2)): at 0, 1 determinant -0.00846",
    ),
    Formula("tanh(z*x)", "Z", False, "S15b: at 1, 2 determinant -0.168"),
    Formula(
        "tanh(x*z + 1)",
        "R+",
        False,
        "S15b, the sigmoid theorem on x >= 0: at 1, 2 determinant -0.0262",
    ),
    Formula(
        "tanh(2*x*z + 1)",
        "[1, 2]",
        False,
        "S15b, the sigmoid theorem on an interval: at 1, 2 determinant -0.00476",
    ),
    Formula(
        "z*x - 1",
        "[1, oo)",
        False,
        "S15b, positive values but an indefinite coefficient matrix: at 1, 2 determinant -1",
    ),
    Formula(
        "max(1 - abs(x - z), 0)",
        "R",
        True,
        "S15b, the triangle on a line: Polya, transform 2(1 - cos w)/w^2",
    ),
    Formula("min(1, x*z)", "Z", False, "S15b: at -1, 2 the determinant is -3"),
    Formula(
        "1 + x + z + 2*x*z",
        "R",
        True,
        "S15b, coefficient matrix [[1, 1], [1, 2]]: (1 + x)(1 + z) + x*z",
    ),
]
