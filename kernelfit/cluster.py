"""Least squares of rows that lie on many machines: Dask summarises them where they are."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from ._checks import InputError
from .scaling import PATIENCE, Features, LeastSquaresSummary, can_be_features, summary_of_block

AT_ONCE = 8  # summaries that are merged in one step


def summarize_dask(
    X: Any, y: Any = None, *, features: Features | None = None
) -> LeastSquaresSummary:
    """The summary of the rows of Dask collections, made where the rows are and merged as a tree.

    ``X`` and ``y`` are Dask arrays of shapes (n, p) and (n,), or ``X`` alone is a bag of pairs
    (X, y) of blocks.  It runs wherever Dask runs: in the threads of this process, or on the cluster
    whose ``Client`` is open.  Only summaries travel, never rows, and what a worker takes with it
    when it dies is made again from its blocks.  ``features`` is as in ``summarize``.  Raises
    InputError for bad input.
    """
    from dask import delayed

    can_be_features(features)
    summaries = [
        delayed(_partition)(part, number, features) for number, part in enumerate(_partitions(X, y))
    ]
    leaves = summaries
    while len(summaries) > 1:
        together = (summaries[i : i + AT_ONCE] for i in range(0, len(summaries), AT_ONCE))
        summaries = [delayed(_merged)(several) for several in together]
    summary = _computed(summaries[0], leaves) if summaries else None
    if summary is None:
        raise InputError("X must hold at least one row, got none. Look whether a filter left any.")
    return summary


def _partitions(X: Any, y: Any) -> list[Any]:
    """For each partition something that gives, once it is computed, a list of pairs (X, y)."""
    from dask import delayed
    from dask.array import Array
    from dask.bag import Bag

    if isinstance(X, Bag) and y is None:
        return list(X.to_delayed())
    if not (isinstance(X, Array) and isinstance(y, Array)):
        raise InputError(
            f"X and y must be Dask arrays, or X a Dask bag of pairs (X, y), got "
            f"{type(X).__name__} and {type(y).__name__}. For blocks in a list or from a generator "
            f"there is kf.summarize."
        )
    if X.ndim not in (1, 2) or y.ndim != 1:
        raise InputError(f"X and y must have shapes (n, p) and (n,), got {X.shape} and {y.shape}.")
    known = not np.isnan([*X.shape, *y.shape]).any()
    if known and X.shape[0] != y.shape[0]:
        raise InputError(
            f"X and y must have the same number of points, got shapes {X.shape} and {y.shape}. "
            f"Each point needs its value."
        )
    if X.ndim == 2 and X.numblocks[1] > 1:
        X = X.rechunk({1: -1})  # a row is not to be taken apart
    if known and X.chunks[0] != y.chunks[0]:
        y = y.rechunk({0: X.chunks[0]})
    if X.numblocks[0] != y.numblocks[0]:
        raise InputError(
            f"X and y must have the same chunks where their numbers of rows are not known, got "
            f"{X.numblocks[0]} chunks of X and {y.numblocks[0]} of y. Rechunk y as X before the "
            f"filter, or call compute_chunk_sizes() on both."
        )
    pairs = zip(X.to_delayed().ravel(), y.to_delayed().ravel(), strict=True)
    return [delayed(_one_pair)(X_part, y_part) for X_part, y_part in pairs]


def _one_pair(X: Any, y: Any) -> list[tuple[Any, Any]]:
    return [(X, y)] if len(X) or len(y) else []  # a filter may leave nothing of a chunk


def _partition(
    blocks: Iterable[Any], number: int, features: Features | None
) -> LeastSquaresSummary | None:
    return _merged([summary_of_block(block, number, features) for block in blocks])


def _merged(summaries: Sequence[LeastSquaresSummary | None]) -> LeastSquaresSummary | None:
    there = [summary for summary in summaries if summary is not None]
    return reduce(LeastSquaresSummary.merge, there) if there else None


def _computed(summary: Any, leaves: list[Any]) -> LeastSquaresSummary | None:
    """Compute where Dask computes, with a progress bar when it takes long."""
    from tqdm import tqdm

    result: LeastSquaresSummary | None
    if (client := _open_client()) is not None:
        from distributed import as_completed

        last, *waited_for = client.compute([summary, *leaves])
        done = as_completed(waited_for)
        del waited_for  # a summary that is merged is not to stay in the cluster's memory
        for _ in tqdm(done, "blocks", len(leaves), delay=PATIENCE, leave=False):
            pass
        result = last.result()
    else:
        from dask.diagnostics import ProgressBar

        with ProgressBar(minimum=PATIENCE, out=sys.stderr):
            result = summary.compute()
    return result


def _open_client() -> Any:
    """The client of a cluster, when one is open and Dask would use it."""
    if "distributed" not in sys.modules:
        return None
    from dask.base import get_scheduler
    from distributed import default_client

    try:
        client = default_client()
    except ValueError:  # there is none
        return None
    return client if get_scheduler() == client.get else None
