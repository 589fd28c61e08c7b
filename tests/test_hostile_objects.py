"""Objects that no one hands over on purpose: what they get is an InputError, in words.

Integers that Python does not write out, objects that do not let themselves be shown, devices in
the place of files.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import sparse

import kernelfit as kf
from kernelfit.exercises import lesson00, lesson01, lesson02
from kernelfit.exercises.compare import MOST_ENTRIES, exact_matrix
from kernelfit.exercises.engine import INCORRECT, AnswerError, quoted
from kernelfit.proofs import decide
from kernelfit.symbolic import expression
from kernelfit.table import read_table

X, y = np.array([1.0, 2.0, 3.5]), np.array([1.0, 2.0, 4.0])
HUGE = 10**5000  # Python refuses to write more than 4300 digits


class Speechless:
    """Nothing of it can be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no words")


class Exits:
    def __repr__(self) -> str:
        raise SystemExit


class NoArray:
    def __init__(self, problem: Exception | None) -> None:
        self.problem = problem

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        if self.problem:
            raise self.problem
        return None


class Endless(list[float]):
    def __iter__(self) -> Iterator[float]:
        return repeat(1.0)


PLACES: dict[str, Callable[[Any], Any]] = {
    "width": lambda bad: kf.Gaussian(bad),
    "degree": lambda bad: kf.PolynomialRegression(bad).fit(X, y),
    "ridge": lambda bad: kf.KernelRegression(kf.Gaussian(1.0), ridge=bad).fit(X, y),
    "ridges": lambda bad: kf.choose_kernel(X, y, [kf.Gaussian(1.0)], bad),
    "degrees": lambda bad: kf.choose_degree(X, y, bad),
    "kernels": lambda bad: kf.choose_kernel(X, y, bad, [0.1]),
    "n_features": lambda bad: kf.RandomFourier(1.0, bad, seed=0),
    "kernel": lambda bad: kf.exp(bad),
    "added": lambda bad: kf.Linear() + bad,
    "divisor": lambda bad: kf.Linear() / bad,
    "f": lambda bad: kf.Feature(bad),
    "name": lambda bad: kf.load(bad),
    "domain": lambda bad: decide(kf.Linear(), domain=bad),
    "x": lambda bad: expression(kf.Linear(), bad, bad),
    "features": lambda bad: kf.summarize([(X, y)], features=bad),
    "decimal": lambda bad: read_table(b"x,y\n1,2\n2,3\n", decimal=bad),
    "separator": lambda bad: read_table(b"x,y\n1,2\n2,3\n", separator=bad),
    "encoding": lambda bad: read_table(b"x,y\n1,2\n2,3\n", encoding=bad),
    "header": lambda bad: read_table(b"x,y\n1,2\n2,3\n", header=bad),
    "missing": lambda bad: read_table(b"x,y\n1,2\n2,3\n", missing=bad),
    "column": lambda bad: read_table(b"x,y\n1,2\n2,3\n").column(bad),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("bad", [HUGE, -HUGE, Speechless()], ids=["huge", "negative", "speechless"])
def test_what_cannot_be_written_out_is_refused_in_words(place: str, bad: Any) -> None:
    if place == "x" and isinstance(bad, int):
        PLACES[place](bad)  # an exact number, however long
        return
    with pytest.raises(kf.InputError) as refused:
        PLACES[place](bad)
    said = str(refused.value)
    assert said.endswith(".")
    assert len(said) < 600
    assert place in said or place == "added"


@pytest.mark.parametrize("problem", [None, RuntimeError("r"), ValueError("v"), TypeError("t")])
def test_an_array_that_is_none(problem: Exception | None) -> None:
    with pytest.raises(kf.InputError, match=r"^X must .* Give a list or an array of numbers\.$"):
        kf.LinearRegression().fit(NoArray(problem), y)


@pytest.mark.parametrize("bad", [sparse.eye(3, format="dia"), np.array(None)])
def test_what_can_be_walked_through_by_its_type_alone(bad: Any) -> None:
    with pytest.raises(kf.InputError, match="ridges must be a list"):
        kf.leave_one_out(kf.Gaussian(1.0), X, y, bad)
    with pytest.raises(kf.InputError, match="block"):
        kf.summarize(bad)


def test_a_function_whose_values_are_a_matrix_or_have_holes() -> None:
    with pytest.raises(kf.InputError, match=r"f\(X\) must hold one number per point"):
        kf.Feature(lambda x: np.matrix([[1.0, 2.0], [3.0, 4.0]])).gram(X)
    with pytest.raises(kf.InputError, match="1 masked entry"):
        kf.Feature(lambda x: np.ma.masked_greater(x, 3.0)).gram(X)


def test_rates_and_divisors_that_are_nearly_0() -> None:
    assert kf.Gaussian.from_gamma(1e-320).width == pytest.approx(np.sqrt(0.5) * 1e160, rel=1e-4)
    assert kf.Gaussian.from_gamma(0.5).width == 1
    with pytest.raises(
        kf.InputError, match=r"^1 / divisor must be a number of at least 0, got inf"
    ):
        kf.Linear() / 1e-320


def test_more_than_memory_holds_is_refused_before_it_is_asked_for() -> None:
    with pytest.raises(kf.InputError, match=r"^degree must be at most 10,000, got 10001"):
        kf.PolynomialRegression(10_001).fit(X, y)
    with pytest.raises(kf.InputError, match=r"^n_features must be at most 1,000,000, got 1000002"):
        kf.RandomFourier(1.0, 1_000_002, seed=0)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b",".join([b"1"] * 10**6), "lines of at most 100,000 characters, got 1,999,999 in line 1"),
        (b"x,y\n1," + b"1" * 200_000, "characters, got 200,002 in line 2"),
        (b"\n".join([b",".join([b"1"] * 1001)] * 3), "at most 1,000 columns, got 1,001"),
    ],
)
def test_a_table_too_wide_is_refused_at_once(raw: bytes, said: str) -> None:
    with pytest.raises(kf.InputError, match=said):
        read_table(raw)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no such files here")
def test_a_file_without_an_end_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(kf.InputError, match="got the device /dev/zero"):
        read_table("/dev/zero")
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(kf.InputError, match="got the device"):
        read_table(tmp_path / "pipe.csv")


@pytest.mark.parametrize("path", ["x" * 100_000, "~nobody-of-this-name/x.csv", "a\0b", "\ud800"])
def test_a_path_that_no_file_can_have(path: str) -> None:
    with pytest.raises(kf.InputError, match="must be a file") as refused:
        read_table(path)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("separator", ["1", "e", ".", "-", '"', "\n", "\0"])
def test_what_stands_in_numbers_separates_none(separator: str) -> None:
    with pytest.raises(kf.InputError, match="separator must be one character that numbers"):
        read_table(b"x,y\n1,2\n2,3\n", separator=separator)


@pytest.mark.parametrize(
    "answer",
    [Speechless(), Exits(), HUGE, Endless([1.0, 2.0])],
    ids=["speechless", "exits", "huge", "endless"],
)
def test_an_answer_that_does_not_let_itself_be_shown_gets_a_reason(answer: Any) -> None:
    for exercise in (lesson00.q1, lesson01.q1, lesson01.q2):
        said = exercise.check(answer)
        assert said.status == INCORRECT
        assert said.reason
    assert quoted(Speechless()) == "an object of type Speechless"


def test_a_list_without_an_end_is_refused() -> None:
    assert f"more than {MOST_ENTRIES:,} entries" in lesson01.q2.check(Endless([1.0, 2.0])).reason


def test_rows_beyond_the_bound_are_not_dropped_without_a_word() -> None:
    with pytest.raises(AnswerError, match=f"more than {MOST_ENTRIES:,} entries"):
        exact_matrix([[1]] * (MOST_ENTRIES + 1))


def test_a_mistake_without_words_is_named() -> None:
    class MuteError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no words")

    def answer(*given: Any) -> Any:
        raise MuteError

    said = lesson02.q4.check(answer)
    assert said.status == INCORRECT
    assert "raises MuteError" in said.reason
