"""Features whose inner products are a kernel, or nearly: kernel regression becomes linear.

With m features in the place of n points, a fit costs n m² operations instead of n³, and its rows
can be taken block by block: see ``kernelfit.scaling``.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from ._checks import FloatArray, InputError, as_matrix, positive, room_for_sums, whole_number
from ._spectrum import Spectrum
from .kernel_algebra import Kernel, a_kernel
from .kernel_regression import blocks

MOST_WAVES = 1_000_000  # features: 8 MB for each point


class Nystrom:
    r"""Features from landmarks: the part of the kernel that a few points span.

    .. math:: \varphi(x) = \operatorname{diag}(\mu)^{-1/2}\, U^\top
              \bigl(k(x, l_1), \dots, k(x, l_m)\bigr)^\top, \qquad
              K_{LL} = U \operatorname{diag}(\mu)\, U^\top

    ⟨φ(x), φ(z)⟩ is k(x, z) when x or z is a landmark, and everywhere when K_LL has the rank of the
    Gram matrix of all points: for a polynomial kernel of degree d in one variable, from d + 1
    different landmarks on.  Eigenvalues below m eps times the largest are rounding and left out.

    Sources: Williams & Seeger, NIPS 13 (2000); Drineas & Mahoney, JMLR 6 (2005).

    Parameters
    ----------
    kernel : Kernel
        k.
    landmarks : array of shape (m, p) or (m,)
        l_1, ..., l_m: points spread over the data, in the unit of x.

    Attributes
    ----------
    n_features : int
        r, the rank of K_LL: at most m.
    """

    n_features: int

    def __init__(self, kernel: Kernel, landmarks: Any) -> None:
        a_kernel(kernel)
        self.kernel = copy.deepcopy(kernel)  # whatever happens to the other afterwards
        self.landmarks = as_matrix(landmarks, "landmarks").copy()
        K = kernel.gram(self.landmarks)
        room_for_sums(K)
        spectrum = Spectrum.of(K)
        r = self.n_features = spectrum.rank
        if r == 0:
            raise InputError(
                f"landmarks must be points at which the kernel is not 0, got {len(self.landmarks)} "
                f"where {kernel!r} is. Take others."
            )
        self._weights = spectrum.vectors[:, :r] / np.sqrt(spectrum.eigenvalues[:r])

    def features(self, X: Any) -> FloatArray:
        """The features of the points ``X``, shape (n, p) to (n, r).  Raises InputError."""
        points = as_matrix(X)
        p = self.landmarks.shape[1]
        if points.shape[1] != p:
            raise InputError(
                f"X must have as many columns as the landmarks, {p}, got shape {points.shape}. "
                f"Give the columns of the landmarks, in the same order."
            )
        table = np.empty((len(points), self.n_features))
        for part in blocks(len(points), len(self.landmarks)):
            table[part] = self.kernel.gram(points[part], self.landmarks) @ self._weights
        return table

    def __repr__(self) -> str:
        """The kernel, and how many landmarks."""
        return f"Nystrom({self.kernel!r}, {len(self.landmarks)} landmarks)"


class RandomFourier:
    r"""Random waves whose inner products are the Gaussian kernel on average.

    .. math:: \varphi(x) = \sqrt{\tfrac 2 D}\, \bigl(\cos\langle\omega_1, x\rangle, \dots,
              \cos\langle\omega_{D/2}, x\rangle, \sin\langle\omega_1, x\rangle, \dots,
              \sin\langle\omega_{D/2}, x\rangle\bigr), \qquad
              \omega_j \sim N(0, \sigma^{-2} I)

    Each pair gives cos⟨ω, x − z⟩, whose mean is exp(−|x − z|² / 2σ²).  The error of ⟨φ(x), φ(z)⟩
    falls like 1/√D whatever the number of variables: slowly, so in one variable ``Nystrom`` is by
    far the better choice for a smooth kernel.

    Source: Rahimi & Recht, NIPS 20 (2007); Sutherland & Schneider, UAI (2015), on the pairs.

    Parameters
    ----------
    width : float
        σ > 0, in the unit of x.
    n_features : int
        D, even: half of them cosines, half sines.
    seed : int
        The same seed gives the same waves again.
    """

    def __init__(self, width: float, n_features: int, *, seed: int) -> None:
        self.width = positive(width, "width", advice="The waves get the slower the wider it is.")
        advice = "A wave is a pair of features, its cosine and its sine: 100, 200, ..."
        self.n_features = whole_number(
            n_features, "n_features", minimum=2, maximum=MOST_WAVES, advice=advice
        )
        if self.n_features % 2:
            raise InputError(f"n_features must be even, got {n_features}. {advice}")
        advice = "It says which random waves are drawn."
        self.seed = whole_number(seed, "seed", advice=advice)

    def features(self, X: Any) -> FloatArray:
        """The features of the points ``X``, shape (n, p) to (n, D).  Raises InputError."""
        points = as_matrix(X)
        waves = self.n_features // 2
        random = np.random.default_rng(self.seed)
        with np.errstate(over="ignore", invalid="ignore"):
            omega = random.standard_normal((waves, points.shape[1])) / self.width
            phases = points @ omega.T
        if not np.isfinite(phases).all():
            raise InputError(
                f"X and width must be of sizes whose ratio float64 can hold, got points up to "
                f"{np.abs(points).max():.3g} in size and the width {self.width:.3g}. Measure both "
                f"in a unit near the width."
            )
        return np.asarray(np.hstack([np.cos(phases), np.sin(phases)]) / np.sqrt(waves))

    def __repr__(self) -> str:
        """As one would type it."""
        return f"RandomFourier({self.width!r}, {self.n_features}, seed={self.seed})"
