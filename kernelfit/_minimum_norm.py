"""Of many solutions that fit equally well, the shortest."""

from __future__ import annotations

import numpy as np

from ._checks import FloatArray

# The share of one column in another, both of length 1, that is taken for the trace of rounding.
ROUNDING = 1e-10


def dependent_groups(V: FloatArray) -> list[list[int]]:
    """Which columns depend on each other: the blocks of the projection VV' that are not regular.

    The projection on the row space links two columns exactly when some dependence, that cannot be
    taken apart, contains both.  Its trace on a block is the rank of those columns.
    """
    projection = V @ V.T
    linked = np.abs(projection) > ROUNDING
    left = set(range(len(V)))
    groups = []
    while left:
        group = np.zeros(len(V), dtype=bool)
        group[min(left)] = True
        while (grown := linked[group].any(axis=0) | group).sum() > group.sum():
            group = grown
        members = np.flatnonzero(group).tolist()
        left -= set(members)
        if round(float(np.trace(projection[np.ix_(members, members)]))) < len(members):
            groups.append(members)
    return groups


def shortest(V: FloatArray, z: FloatArray, size: FloatArray) -> FloatArray:
    """The c of least norm for which ``size * c`` fits as well as z does: V'(size c) = V'z.

    The fit fixes z_b + F z_others, b being as many of the largest columns as the rank allows.  In c
    this reads H c = c_b, where H holds an identity and, b being the largest, entries of about 1 or
    less.  So HH' is well conditioned, and c = H'(HH')^-1 c_b is the shortest solution.
    """
    rank = round(float(np.sum(V * V)))
    if rank == 0:
        return np.zeros(len(V))
    seen = np.linalg.svd(V.T, full_matrices=False)[2][:rank]
    b = _largest_independent(seen, size)
    F = np.linalg.solve(seen[:, b], seen)
    F[np.abs(F) < ROUNDING] = 0
    H = F * size / size[b, None]
    c_b = np.linalg.solve(seen[:, b], seen @ z) / size[b]
    c: FloatArray = H.T @ np.linalg.solve(H @ H.T, c_b)
    return c


def _largest_independent(A: FloatArray, size: FloatArray) -> list[int]:
    """As many independent columns of A as it has rows, the largest first (Gram-Schmidt)."""
    A = A.copy()
    chosen: list[int] = []
    for _ in range(len(A)):
        left = np.linalg.norm(A, axis=0)
        j = int(np.argmax(np.where(left > ROUNDING, left * size, 0)))
        direction = A[:, j] / left[j]
        A -= np.outer(direction, direction @ A)
        chosen.append(j)
    return chosen
