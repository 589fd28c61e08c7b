"""summarize_dask: arrays and bags, threads and processes, and a worker that is killed."""

import os
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import killed_worker
import numpy as np
import pytest
from fits import cloud, read_only, refusal
from killed_worker import is_running, wait_for
from test_scaling import ROWS, same, short_solve, solve

import kernelfit as kf
from kernelfit import cluster
from kernelfit.cluster import AT_ONCE

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")
db = pytest.importorskip("dask.bag")

X, y = cloud(n=300)
WHOLE = kf.LeastSquaresSummary(X, y)


def arrays(of_X, of_y, X=X, y=y):
    return da.from_array(X, chunks=of_X), da.from_array(y, chunks=of_y)


def bag(size, partitions):
    blocks = [(X[start : start + size], y[start : start + size]) for start in range(0, 300, size)]
    return db.from_sequence(blocks, npartitions=partitions)


def quietly(*collections, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return kf.summarize_dask(*collections, **options)


@pytest.fixture(params=[pytest.param("threads", marks=pytest.mark.slow), "synchronous"])
def scheduler(request):
    with dask.config.set(scheduler=request.param):
        yield request.param


# Dask collections


@pytest.mark.slow
@pytest.mark.parametrize(
    ("of_X", "of_y"),
    [
        ((300, 3), 300),
        ((100, 3), 100),
        ((100, 2), 100),
        ((70, 1), 100),
        (((1, 200, 99), (1, 2)), ((150, 150),)),
        ((10, 3), 7),
        ((1, 3), 1),
    ],
    ids=range(7),
)
def test_arrays(of_X, of_y, scheduler):
    summary = quietly(*arrays(of_X, of_y))
    assert same(summary, WHOLE)
    assert np.allclose(solve(summary).coefficients, solve(WHOLE).coefficients, rtol=1e-11)


def test_one_column(scheduler):
    summary = quietly(*arrays(40, 70, X=read_only(X[:, 0])))
    assert same(summary, kf.LeastSquaresSummary(X[:, 0], y))


@pytest.mark.slow
@pytest.mark.parametrize("partitions", [1, 3, AT_ONCE, AT_ONCE + 1, AT_ONCE**2 + 1])
def test_bags_of_pairs(partitions, scheduler):
    assert same(quietly(bag(4, partitions)), WHOLE)


def test_a_tree_of_merges(monkeypatch):
    """No step waits for all blocks, nor holds all their summaries."""
    merged, groups = cluster._merged, []

    def noted(summaries):
        groups.append(len(summaries))
        return merged(summaries)

    monkeypatch.setattr(cluster, "_merged", noted)
    with dask.config.set(scheduler="synchronous"):
        assert same(quietly(bag(4, 75)), WHOLE)
    leaves = [1] * 75
    assert sorted(groups) == sorted([*leaves, *[8] * 9, 3, 8, 2, 2])


def test_partitions_of_several_pairs_and_of_none(scheduler):
    def high(pair):
        return pair[1][0] > np.median(y)

    kept = list(filter(high, bag(10, 7).compute()))
    assert 0 < len(kept) < 30
    assert same(quietly(bag(10, 7).filter(high)), kf.summarize(kept))
    made = db.from_sequence([1, 2], npartitions=2).map_partitions(lambda i: ((X, y) for _ in i))
    assert quietly(made).n_rows == 600, "a partition may be a generator"
    assert refusal(lambda: kf.summarize_dask(bag(10, 7).filter(lambda pair: False))) == (
        "X must hold at least one row, got none. Look whether a filter left any."
    )


@pytest.mark.slow
@pytest.mark.parametrize("columns", [3, 1])
def test_rows_that_a_filter_left(columns, scheduler):
    """Dask does not know how many they are, and some chunks are empty."""
    dX, dy = arrays((30, columns), 30)
    for kept in (X[:, 0] > 0, np.arange(300) >= 100, np.arange(300) == 299):
        mask = da.from_array(kept, chunks=30)
        summary = quietly(dX[mask], dy[mask])
        assert same(summary, kf.LeastSquaresSummary(X[kept], y[kept]))
    nothing = da.from_array(np.zeros(300, bool), chunks=30)
    assert "X must hold at least one row, got none." in refusal(
        lambda: kf.summarize_dask(dX[nothing], dy[nothing])
    )


def test_features_are_made_where_the_rows_are(scheduler):
    some = kf.Nystrom(kf.Gaussian(9.0), X[::60])
    whole = kf.summarize([(X, y)], features=some.features)
    assert same(quietly(*arrays((50, 2), 70), features=some.features), whole)
    assert same(quietly(bag(10, 4), features=some.features), whole)


def test_dependent_columns_are_told(scheduler):
    summary = quietly(*arrays((50, 2), 70, X=np.column_stack([X, X[:, 0]])))
    assert "column 3 is a multiple of column 0" in short_solve(summary)[1]


def test_a_part_is_cut_like_any_block():
    n = 2 * ROWS + 5
    long_X, long_y = cloud(n=n)
    summary = quietly(*arrays((n, 3), n, X=long_X, y=long_y))
    assert same(summary, kf.LeastSquaresSummary(long_X, long_y), 1e-13)


def test_a_bar_appears_only_when_it_takes_long(capfd, monkeypatch, scheduler):
    kf.summarize_dask(bag(10, 30))
    assert capfd.readouterr() == ("", "")
    monkeypatch.setattr(cluster, "PATIENCE", 0)
    kf.summarize_dask(bag(10, 30))
    shown = capfd.readouterr()
    assert (shown.out, "100%" in shown.err) == ("", True)


WITHOUT_DISTRIBUTED = """
import sys

class Absent:
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] == "distributed":
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent)
import dask.array as da, kernelfit as kf
x = da.arange(9, chunks=2)
print(kf.summarize_dask(x, 2 * x).solve().coefficients.round(9))
"""


@pytest.mark.slow
def test_dask_alone_will_do():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DISTRIBUTED], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[2.]\n"


# What is refused


ARRAY, VALUES = arrays((100, 3), 100)
NEITHER = "X and y must be Dask arrays, or X a Dask bag of pairs (X, y), got "


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ((X, y), f"{NEITHER}ndarray and ndarray. For blocks in a list or from a generator there "),
        ((ARRAY,), f"{NEITHER}Array and NoneType."),
        ((ARRAY, y), f"{NEITHER}Array and ndarray."),
        ((X, VALUES), f"{NEITHER}ndarray and Array."),
        ((None,), f"{NEITHER}NoneType and NoneType."),
        (([(X, y)],), f"{NEITHER}list and NoneType."),
        ((bag(50, 2), VALUES), f"{NEITHER}Bag and Array."),
        ((bag(50, 2).count(),), f"{NEITHER}Item and NoneType."),
        ((dask.delayed(X), dask.delayed(y)), NEITHER),
        ((dask.delayed((X, y)),), NEITHER),
        ((ARRAY, ARRAY), "X and y must have shapes (n, p) and (n,), got (300, 3) and (300, 3)."),
        ((da.ones((3, 3, 3)), VALUES), "shapes (n, p) and (n,), got (3, 3, 3) and (300,)."),
        ((ARRAY, VALUES[:-1]), "the same number of points, got shapes (300, 3) and (299,). Each p"),
        ((ARRAY[:0], VALUES[:0]), "X must hold at least one row, got none."),
        ((ARRAY[ARRAY[:, 0] > 0], VALUES), "X and y must have the same number of points, got "),
        (
            (ARRAY[ARRAY[:, 0] > 0], VALUES.rechunk(150)[VALUES.rechunk(150) > 0]),
            "X and y must have the same chunks where their numbers of rows are not known, got 3 ch",
        ),
        ((da.from_array(np.array(["a", "b"])), VALUES[:2]), "in block 0: X must hold numbers, got"),
        ((da.where(X[250, 1] == ARRAY, np.nan, ARRAY), VALUES), "in block 2: X must be finite eve"),
        ((db.from_sequence([1, 2], npartitions=2),), "each block must be a pair (X, y), got int a"),
        ((db.from_sequence([(X, y), (X, y[:4])], npartitions=2),), "in block 1: X and y must have"),
        ((db.from_sequence([(X, y), (X[:, :2], y)]),), "got 3 and 2 columns of X. Give all blocks"),
    ],
    ids=range(21),
)
def test_what_is_refused(given, part, scheduler):
    assert part in refusal(lambda: kf.summarize_dask(*given))


def test_features_that_are_refused(scheduler):
    some = kf.Nystrom(kf.Linear(), X[:2])
    assert "Pass its method: Nystrom(...).features." in refusal(
        lambda: kf.summarize_dask(ARRAY, VALUES, features=some)
    )
    assert "in block 0: features must find the columns of a point from this point" in refusal(
        lambda: kf.summarize_dask(ARRAY[:100], VALUES[:100], features=lambda X: X - X.mean())
    )


# A cluster of processes


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=2,
            processes=True,
            dashboard_address=":0",
            local_directory=str(tmp_path_factory.mktemp("dask")),
            silence_logs=60,
        ) as workers,
        distributed.Client(workers) as client,
    ):
        processes = client.run(os.getpid).values()
        yield client
    wait_for(lambda: not any(map(is_running, processes)), "the end of the workers")


@pytest.mark.slow
def test_two_processes(client):
    assert len(set(client.run(os.getpid).values()) | {os.getpid()}) == 3
    for collections in (arrays((10, 2), 7), (bag(4, 70),)):
        summary = quietly(*collections)
        assert same(summary, WHOLE)
        assert np.allclose(solve(summary).coefficients, solve(WHOLE).coefficients, rtol=1e-12)
    some = kf.Nystrom(kf.Gaussian(9.0), X[::60])
    expected = kf.summarize([(X, y)], features=some.features)
    assert same(quietly(*arrays((50, 2), 70), features=some.features), expected)


@pytest.mark.slow
def test_it_runs_where_dask_runs_and_leaves_nothing_there(client):
    here = os.getpid()

    def whether_here(X):
        return np.full(len(X), os.getpid() == here)

    assert quietly(*arrays((10, 3), 10), features=whether_here).means[0] == 0
    with dask.config.set(scheduler="threads"):
        assert quietly(*arrays((10, 3), 10), features=whether_here).means[0] == 1
    wait_for(lambda: not client.who_has(), "the cluster to forget")


@pytest.mark.slow
def test_the_bar_of_a_cluster_counts_blocks(client, capfd, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 0)
    kf.summarize_dask(bag(10, 30))
    assert "blocks" in capfd.readouterr().err


@pytest.mark.slow
def test_a_worker_refuses_in_the_same_words(client):
    pairs = db.from_sequence([(X, y), (X, y), (X, y[:4])], npartitions=3)
    assert refusal(lambda: kf.summarize_dask(pairs)).startswith(
        "in block 2: X and y must have the same number of points, got 300 rows in X"
    )
    nothing = bag(10, 7).filter(lambda pair: False)
    assert "X must hold at least one row" in refusal(lambda: kf.summarize_dask(nothing))


@pytest.mark.slow
def test_what_is_merged_leaves_the_memory_of_the_cluster(client, tmp_path):
    """Of 20 blocks the last one waits: two groups of 8 are merged, three blocks of 4 are not."""

    def block(number):
        if number == 19:
            wait_for((tmp_path / "go").exists, "the file that lets the last block go")
        return X[:9], y[:9]

    def held(kind):
        return sum(len(at) > 0 for key, at in client.who_has().items() if str(key).startswith(kind))

    made = db.from_sequence(range(20), npartitions=20).map(block)
    with ThreadPoolExecutor(1) as pool:
        summary = pool.submit(kf.summarize_dask, made)
        try:
            # One more may be the block that was counted last: the loop still has it in its hand.
            few = (3, 4)
            wait_for(lambda: held("_merged-") == 2 and held("_partition-") in few, "2 groups")
            assert not summary.done()
        finally:
            (tmp_path / "go").touch()
        assert summary.result(killed_worker.PATIENCE).n_rows == 180


@pytest.mark.slow
def test_what_a_killed_worker_held_is_made_again(tmp_path):
    """It dies with finished summaries that are not merged yet, because one block is missing."""
    pytest.importorskip("distributed")
    what = killed_worker.kill_a_worker(tmp_path)
    killed_worker.check(what)
    assert 1 <= len(what.lost) <= killed_worker.BLOCKS - 1
    assert not is_running(what.killed)
    assert same(what.result, what.serial)
    found, expected = solve(what.result), solve(what.serial)
    assert np.allclose(found.coefficients, expected.coefficients, rtol=1e-12, atol=0)
    assert found.residual_sum_of_squares == pytest.approx(
        expected.residual_sum_of_squares, rel=1e-12
    )
