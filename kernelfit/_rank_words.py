"""The words of a RankWarning: which columns depend on each other, and what to drop."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ._checks import FloatArray
from .least_squares import Solution, solve_least_squares

Groups = tuple[tuple[int, ...], ...]
RankOf = Callable[[list[int], bool], int]  # of some columns, centred or as they are


def why_short(X: FloatArray, solution: Solution, labels: list[str], intercept: bool) -> str:
    """The text of the RankWarning of a table that is at hand."""
    nothing = np.zeros(len(X))

    def rank_of(columns: list[int], centred: bool) -> int:
        return solve_least_squares(X[:, columns], nothing, intercept=centred).rank - centred

    groups = solution.dependent
    return why_short_of(len(X), solution.rank, groups, rank_of, labels, intercept)


def why_short_of(
    n: int, rank: int, groups: Groups, rank_of: RankOf, labels: list[str], intercept: bool
) -> str:
    """The text of the RankWarning: the rank, the columns, the remedy."""
    p = len(labels)
    columns = f"the {p} columns of X" if p > 1 else "the column of X"
    subject = f"the intercept and {columns} span" if intercept else f"{columns} span"
    if p == 1 and not intercept:
        subject += "s"
    dimensions = "1 dimension" if rank == 1 else f"{rank} dimensions"
    if rank == n:
        points, coefficients = _count(n, "point"), _count(n, "coefficient")
        fix = "fixes" if n == 1 else "fix"
        reason = f"{points} {fix} at most {coefficients}, and there are {p + intercept}"
        remedy = "take more points or fewer columns"
    else:
        reason, remedy = _dependences(groups, rank_of, labels, intercept)
    return (
        f"{subject} only {dimensions}: {reason}. Many functions fit equally well, and "
        f"this is the one of least coefficients; {remedy} to make them meaningful."
    )


def _dependences(
    groups: Groups, rank_of: RankOf, labels: list[str], intercept: bool
) -> tuple[str, str]:
    """What the groups of columns have to do with each other, and what to drop."""
    reasons, drop = [], []
    single = [labels[group[0]] for group in groups if len(group) == 1]
    if single:
        what = "constant, which the intercept already says" if intercept else "zero throughout"
        reasons.append(f"{_listed(single)} {'is' if len(single) == 1 else 'are'} {what}")
        drop.append(_listed(single))
    several = [list(group) for group in groups if len(group) > 1]
    for group in several:
        names = [labels[j] for j in group]
        rank = rank_of(group, intercept)
        shifted = intercept and rank_of(group, False) > rank
        if len(group) == 2:
            reasons.append(f"{names[1]} is a multiple of {names[0]}" + " plus a constant" * shifted)
        elif rank == 1:
            reasons.append(
                f"{_listed(names)} are multiples of each other" + " plus constants" * shifted
            )
        else:
            reasons.append(
                f"{_listed(names)} depend on each other" + " and on the intercept" * shifted
            )
        surplus = len(group) - rank
        number = "one" if surplus == 1 else str(surplus)
        pair = len(group) == 2 and len(groups) == 1
        drop.append(f"{number} of the two" if pair else f"{number} of {_listed(names)}")
    return "; ".join(reasons), "drop " + _joined(drop)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _listed(names: list[str]) -> str:
    """At most six names; a warning is to be read."""
    if len(names) > 6:
        names = [*names[:5], f"{len(names) - 5} more"]
    return _joined(names)


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
