"""The 75 of the 150 formulas that come from elsewhere than the course; see formulas.py."""

from formulas import Formula

COLLECTED: list[Formula] = [
    Formula(
        "(1 + sqrt(5)*abs(x - z) + 5*(x - z)**2/3)*exp(-sqrt(5)*abs(x - z))",
        "R",
        True,
        "Matern 5/2: transform a positive multiple of (5 + w^2)^-3",
    ),
    Formula(
        "(1 + (x - z)**2/6)**(-3/4)", "R", True, "rational quadratic: a gamma mixture of Gaussians"
    ),
    Formula(
        "exp(-abs(x - z)**(3/2))",
        "R",
        True,
        "Schoenberg: exponent 3/2 <= 2, a stable characteristic function",
    ),
    Formula("1/(1 + abs(x - z))", "R", True, "Polya: convex and falling to 0 in abs(x - z)"),
    Formula(
        "exp(-abs(x - z)/sqrt(2))*sin(abs(x - z)/sqrt(2) + pi/4)/2",
        "R",
        True,
        "Silverman's smoothing kernel: transform 1/(1 + w^4)",
    ),
    Formula(
        "(1 - 3*abs(x - z)/2 + abs(x - z)**3/2)*(abs(x - z) < 1)",
        "R",
        True,
        "spherical variogram model: a ball of R^3 convolved with itself",
    ),
    Formula(
        "max(1 - abs(x - z), 0)**3*(1 + 3*abs(x - z))",
        "R",
        True,
        "Wendland's C^2 function for the line",
    ),
    Formula("sinc(x - z)", "R", True, "the wave kernel: transform pi on abs(w) < 1, 0 outside"),
    Formula(
        "1/(2 + exp(x - z) + exp(z - x))",
        "R",
        True,
        "logistic smoothing kernel: transform pi w/sinh(pi w)",
    ),
    Formula(
        "abs(x - z) + (1 + x*z)*(pi - abs(atan(x) - atan(z)))",
        "R",
        True,
        "arc-cosine kernel of order 1 (ReLU) of (1, x) and (1, z)",
    ),
    Formula(
        "asin(2*(1 + x*z)/sqrt((3 + 2*x**2)*(3 + 2*z**2)))",
        "R",
        True,
        "Williams' neural net: asin has coefficients >= 0",
    ),
    Formula("abs(x + z) - abs(x - z)", "R", True, "2 sign(x) sign(z) min(abs(x), abs(z))"),
    Formula(
        "exp(cos(x - z)) - 5/4",
        "R",
        True,
        "Fourier coefficients I_n(1) > 0, the mean I_0(1) = 1.266 > 5/4",
    ),
    Formula(
        "1 + 2*cos(x - z) + 2*cos(2*(x - z))",
        "R",
        True,
        "Dirichlet: takes negative values, yet all coefficients are positive",
    ),
    Formula(
        "(1 - abs(x - z))*exp(-abs(x - z))", "R", True, "borderline: transform 4 w^2/(1 + w^2)^2"
    ),
    Formula(
        "exp(-2*(x - z)**2) - 7*exp(-(x - z)**2)/10",
        "R",
        True,
        "transform > 0 iff the weight is < 1/sqrt(2) = 0.7071",
    ),
    Formula(
        "1/(1 + (x - z)**2) - 2/(4 + (x - z)**2)",
        "R",
        True,
        "borderline: transform pi (e^-w - e^-2w) >= 0 for w >= 0",
    ),
    Formula(
        "exp(-(x - z)**2/(2 + x**2 + z**2))",
        "R",
        True,
        "e^-1 exp(2(1 + x*z)/(2 + x^2 + z^2)): Cauchy, product, exp",
    ),
    Formula("1 - abs(sin(x - z))", "R", True, "1 - 2/pi + (4/pi) sum of cos(2n(x - z))/(4n^2 - 1)"),
    Formula(
        "1 + 2*(x + z) + 5*x*z + 3*(x**2 + z**2) + 7*(x**2*z + x*z**2) + 10*x**2*z**2",
        "R",
        True,
        "borderline, rank 2: f(x)f(z) + g(x)g(z), f = 1 + 2x + 3x^2, g = x + x^2",
    ),
    Formula(
        "sqrt(x) + sqrt(z) - sqrt(x + z)",
        "R+",
        True,
        "an integral of (1 - e^-sx)(1 - e^-sz) s^(-3/2) ds",
    ),
    Formula(
        "x**(3/2) + z**(3/2) - abs(x - z)**(3/2)", "R+", True, "fractional Brownian motion, H = 3/4"
    ),
    Formula(
        "1 + x*z + x*z*min(x, z) - (x + z)*min(x, z)**2/2 + min(x, z)**3/3",
        "R+",
        True,
        "Vapnik's cubic spline: 1 + x*z + the integral of (x - t)+ (z - t)+",
    ),
    Formula(
        "min(x, z)*(1 - max(x, z))",
        "[0, 1]",
        True,
        "Brownian bridge: (1 - x)(1 - z) min(x/(1 - x), z/(1 - z)), 0 at 1",
    ),
    Formula(
        "x*log((x + z)/x) + z*log((x + z)/z)",
        "(0, oo)",
        True,
        "Jensen-Shannon: sqrt(x*z) f(log(x/z)), transform 4 pi sech(pi w)/(1 + 4 w^2)",
    ),
    Formula("x*z/(x + z)", "(0, oo)", True, "chi-square: x*z times the integral of e^-sx e^-sz"),
    Formula(
        "(x + z)/(x**2 + z**2)",
        "(0, oo)",
        True,
        "with r = log(x/z): (x*z)^(-1/2) cosh(r/2)/cosh(r), transform > 0",
    ),
    Formula(
        "x*z/(x + z - x*z)",
        "(0, 1]",
        True,
        "Hamacher product: x*z/(1 - (1 - x)(1 - z)), a geometric series",
    ),
    Formula("1 - sqrt(1 - x*z)", "[-1, 1]", True, "binomial series: all coefficients >= 0"),
    Formula(
        "1/30 - (x - z)**2*(1 - abs(x - z))**2",
        "[0, 1]",
        True,
        "minus Bernoulli's B_4(abs(x - z)): coefficients 48/(2 pi n)^4, mean 0",
    ),
    Formula(
        "(1 - abs(x - z))**3", "[0, 2]", True, "the cube of 1 - abs(x - z), a kernel on [0, 2]"
    ),
    Formula("min(x, z)/max(x, z)", "(0, oo)", True, "Ruzicka: exp(-abs(log x - log z))"),
    Formula(
        "1/(abs(x - z)**3 + 1)",
        "Z",
        True,
        "Polya on the integers: 1, 1/2, 1/9, 1/28, ... is convex and falls to 0",
    ),
    Formula("2*(x == z) + (abs(x - z) == 1)", "Z", True, "borderline: symbol 2 + 2 cos(w) >= 0"),
    Formula("cos(2*pi*x*z)", "Z", True, "the constant 1 on the integers"),
    Formula("(-1)**(x + z)", "Z", True, "f(x)f(z) with f = (-1)^x"),
    Formula("(floor(x/2) == floor(z/2))", "Z", True, "an equivalence relation: blocks of ones"),
    Formula(
        "(1 + abs(x - z) + (x - z)**2/2)*exp(-abs(x - z))",
        "R",
        False,
        "almost Matern 5/2, transform 2(3 - w^2)/(1 + w^2)^3: at -1, 0, 1 determinant -0.00485",
    ),
    Formula("1/(1 + abs(x - z)**3)", "R", False, "too flat at 0: at 0, 1/2, 1 determinant -0.0401"),
    Formula(
        "exp(-(x - z)**4)",
        "R",
        False,
        "too flat at 0, exponent above 2: at 0, 1/2, 1 determinant -0.251",
    ),
    Formula(
        "1 - tanh((x - z)**2)",
        "R",
        False,
        "too flat, second moment but no fourth: at 0, 1/4, 1/2 determinant -0.000744",
    ),
    Formula(
        "max(1 - abs(x - z), 0)**2*(1 + 2*abs(x - z))",
        "R",
        False,
        "smoothstep, almost Wendland: at 0, 2/5, 4/5, ..., 2 least eigenvalue -0.0280",
    ),
    Formula(
        "max(1 - (x - z)**2, 0)**2",
        "R",
        False,
        "biweight: at 0, 1/4, 1/2, 3/4 least eigenvalue -0.00236",
    ),
    Formula(
        "max(1 - abs(x - z)**3, 0)**3", "R", False, "tricube: at 0, 1/3, 1/2 determinant -0.0388"
    ),
    Formula(
        "cos(pi*(x - z)/2)*(abs(x - z) <= 1)",
        "R",
        False,
        "cosine smoothing kernel: at 0, 1/2, 1, 3/2 determinant -1/4",
    ),
    Formula("max(0, min(1, 2 - abs(x - z)))", "R", False, "trapezoid: at 0, 1, 2 determinant -1"),
    Formula(
        "-log(1 + (x - z)**2)",
        "R",
        False,
        "conditionally positive definite only: at 0, 1 least eigenvalue -log(2)",
    ),
    Formula("sqrt(1 + (x - z)**2)", "R", False, "multiquadric: at 0, 1 determinant -1"),
    Formula(
        "sqrt(max(1 - abs(x - z), 0))",
        "R",
        False,
        "Askey needs a power >= 1: at 0, 1/2, 1, 3/2 determinant -1/4",
    ),
    Formula(
        "3 - 2*abs(atan(x) - atan(z))",
        "R",
        False,
        "at -20, 20 the entry 3 - 4 atan(20) = -3.083 outweighs the diagonal 3",
    ),
    Formula(
        "acos((1 + x*z)/sqrt((1 + x**2)*(1 + z**2)))",
        "R",
        False,
        "the angle is a distance, 0 at x = z: at 0, 1 least eigenvalue -pi/4",
    ),
    Formula(
        "abs(x)**3 + abs(z)**3 - abs(x - z)**3",
        "R",
        False,
        "fractional Brownian motion with H = 3/2 > 1: at -1, 1 determinant -32",
    ),
    Formula(
        "exp(x*z) - 2*x*z",
        "R",
        False,
        "coefficient 1 - 2 of x*z: at 0, 1 determinant e - 3 = -0.282",
    ),
    Formula(
        "exp(-(x - z)**2) - 1/20",
        "R",
        False,
        "negative far from 0, 20 far points pass: at 0, 4, ..., 80 least eigenvalue -0.0500",
    ),
    Formula(
        "exp(cos(x - z)) - 13/10",
        "R",
        False,
        "the mean I_0(1) - 13/10 is negative: at 0, 3/2, 3, 9/2 least eigenvalue -0.103",
    ),
    Formula(
        "11 + 10*cos(x - z) - 2*cos(x - z)**2",
        "R",
        False,
        "it is 10 + 10 cos(x - z) - cos(2(x - z)): at -1, 0, 1 least eigenvalue -0.360",
    ),
    Formula(
        "exp(-abs(x - z))*(cos(x - z) - 6*sin(abs(x - z))/5)",
        "R",
        False,
        "transform -1/5 at 0: at 0, 1/2, 1, ..., 19/2 least eigenvalue -0.0545",
    ),
    Formula(
        "(1 + (x - z)**2/2)*exp(-(x - z)**2/2)",
        "R",
        False,
        "transform (3 - w^2)/2 times a Gaussian: at -1, 0, 1 determinant -0.148",
    ),
    Formula(
        "exp(-2*(x - z)**2) - 5*exp(-(x - z)**2)/7",
        "R",
        False,
        "5/7 > 1/sqrt(2), the borderline: at 0, 3/4, ..., 21/2 least eigenvalue -0.00296",
    ),
    Formula(
        "1 + 2*x + 2*z + 5*x*z + 3*x**2 + 3*z**2 + 7*x*z*(x + z) + 99*x**2*z**2/10",
        "R",
        False,
        "coefficient matrix of determinant -1/10: at -1, 0 determinant -1/10",
    ),
    Formula("(x*z >= 0)", "R", False, "0 agrees with both signs: at -1, 0, 1 determinant -1"),
    Formula(
        "max(1 + x*z, 0)",
        "R",
        False,
        "a kernel cut off at 0: at -3/2, -1/2, 1/2, 3/2 determinant -25/16",
    ),
    Formula("1/(1 + exp(-x*z))", "R", False, "the logistic sigmoid: at 1, 2 determinant -0.0579"),
    Formula(
        "x*z + sin(x - z)/100",
        "R",
        False,
        "not symmetric: -sin(1)/100 at (0, 1), sin(1)/100 at (1, 0)",
    ),
    Formula(
        "1 - (x - z)**2",
        "[0, 1]",
        False,
        "indefinite coefficient matrix: at 0, 1/2, 1 determinant -1/8",
    ),
    Formula(
        "1 + x*z + x**2*z**2 - x**3*z**3/1000",
        "[-1, 1]",
        False,
        "coefficient -1/1000: at -3/4, -1/4, 1/4, 3/4 determinant -0.0000352",
    ),
    Formula("log(1 + x*z)", "R+", False, "alternating series: at 1, 2 determinant -0.0914"),
    Formula("1/(1 + x*z)", "[0, 1]", False, "alternating series: at 0, 1 determinant -1/2"),
    Formula(
        "max(x + z - 1, 0)", "[0, 1]", False, "the lower Frechet bound: at 1/2, 1 determinant -1/4"
    ),
    Formula(
        "1/7 - abs(x - z)*(1 - abs(x - z))",
        "[0, 1]",
        False,
        "Bernoulli B_2 minus 1/42, mean negative: at 0, 1/3, 2/3 weights 1 give -1/21",
    ),
    Formula(
        "min(x, z) - x*z", "[0, 9/8]", False, "the bridge beyond its end: at 9/8 the value is -9/64"
    ),
    Formula("max(x, z)", "R+", False, "at 0, 1 determinant -1"),
    Formula(
        "(x == z) + 3*(abs(x - z) == 1)/5",
        "Z",
        False,
        "symbol 1 + (6/5) cos(w), 4 neighbours pass: at 0, ..., 4 least eigenvalue -0.0392",
    ),
    Formula("floor(x*z/2)", "Z", False, "at -1, 1 determinant -1"),
    Formula("cos(pi*x*z)", "Z", False, "(-1)^(x*z): at 1 the value is -1"),
]
