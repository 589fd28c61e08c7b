"""The eigenvalues behind a fit, and a ridge that drowns in their rounding."""

import re

import mpmath
import numpy as np
import pytest
from fits import both, read_only
from test_kernel_regression import close, fit, short_fit, wave

import kernelfit as kf
from kernelfit._spectrum import Spectrum

EPS = 2.0**-52


@both
@pytest.mark.parametrize("kernel", [kf.Gaussian(0.5), kf.Legendre(3), kf.Laplacian(1)], ids=repr)
def test_the_decomposition(kernel, intercept):
    x, y = wave()
    K, n = kernel.gram(x), len(x)
    H = np.eye(n) - intercept / n
    spectrum = Spectrum.of(K.copy(), intercept)
    U, mu = spectrum.vectors, spectrum.eigenvalues
    assert U.shape == (n, n - intercept)
    assert np.all(np.diff(mu) <= 0)
    assert close(U.T @ U, np.eye(n - intercept), 1e-13)
    assert close(U @ U.T, H, 1e-13)
    assert close(U * mu @ U.T, H @ K @ H, 1e-12)
    largest = np.linalg.eigvalsh(K)[-1]
    assert 0.99 * n * EPS * largest <= spectrum.rounding <= 2 * n * EPS * largest

    y = H @ y
    for ridge in (0.1, 5.0):
        c = spectrum.coefficients(y, ridge)
        shares = spectrum.left_over(np.array([ridge]))[:, 0]
        if spectrum.rank == n - intercept:
            assert close((H @ K @ H + ridge * np.eye(n)) @ c, y)
        assert close(U @ (shares * (U.T @ y)), y - H @ K @ H @ c)


def test_nothing_and_one_point():
    assert Spectrum.of(np.zeros((3, 3))).rank == 0
    assert Spectrum.of(np.zeros((3, 3))).coefficients(np.ones(3), 0.0).tolist() == [0, 0, 0]
    assert Spectrum.of(np.zeros((3, 3))).condition(0.0) == np.inf
    assert Spectrum.of(np.zeros((3, 3))).condition(2.0) == 1.0
    assert Spectrum.of(np.array([[4.0]]), True).vectors.shape == (1, 0)


# A ridge below the rounding of K


def exactly(width, ridge, x, y, z, intercept):
    """f at z, in 60 digits."""
    with mpmath.workdps(60):

        def k(a, b):
            return mpmath.exp(
                -((mpmath.mpf(a) - mpmath.mpf(b)) ** 2) / (2 * mpmath.mpf(width) ** 2)
            )

        n, x, y, z = len(x), x.tolist(), y.tolist(), z.tolist()
        M = mpmath.zeros(n + intercept)
        for i in range(n):
            for j in range(n):
                M[i, j] = k(x[i], x[j]) + (mpmath.mpf(ridge) if i == j else 0)
            if intercept:
                M[i, n] = M[n, i] = 1
        c = mpmath.lu_solve(M, mpmath.matrix([*y, *[0] * intercept]))
        level = c[n] if intercept else 0
        return [float(level + mpmath.fsum(c[j] * k(v, x[j]) for j in range(n))) for v in z]


@both
@pytest.mark.parametrize("ridge", [1e-17, 1e-40, 5e-324])
def test_a_ridge_that_is_lost(intercept, ridge):
    """Cholesky fails; the directions that rounding hides are left out, and this is told."""
    x = read_only(np.linspace(0, 1, 17))
    y = read_only(np.sin(4 * x))
    z = np.linspace(0, 1, 9)
    model, text = short_fit(kf.Gaussian(1), x, y, ridge=ridge, fit_intercept=intercept)
    assert re.search(rf"the ridge {ridge:.6g} is lost in the rounding .* ridge=0 for none", text)
    assert close(model.predict(z), exactly(1, ridge, x, y, z, intercept), 1e-6)
    assert model.rank_ < 12
    assert np.isfinite([*model.dual_coef_, model.intercept_, model.effective_dof_]).all()
    assert model.condition_ > 1e16
    enough = float(re.search(r"one above (.*)\.$", text)[1])
    fit(kf.Gaussian(1), x, y, ridge=enough, fit_intercept=intercept)


@both
def test_a_ridge_below_the_rounding_is_lost_though_cholesky_succeeds(intercept):
    """Eigenvalues up to 1e10 hide a ridge of 1e-4; solved blindly, the curve misses by minutes."""
    data = kf.load("old_faithful")
    kernel = kf.Polynomial(3).of(lambda x: x / 0.1)
    model, text = short_fit(kernel, data.x, data.y, ridge=1e-4, fit_intercept=intercept)
    assert "the ridge 0.0001 is lost" in text
    plain = kf.PolynomialRegression(3).fit(data.x, data.y)
    assert close(model.predict(data.x), plain.predict(data.x), 1e-3)
