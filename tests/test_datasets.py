"""The shipped data: the figures as printed, and the fits that follow from them exactly."""

import csv
import hashlib
from fractions import Fraction
from importlib import resources

import numpy as np
import pytest
import rational

import kernelfit as kf

# sha256 of each file with LF line ends; change one only together with the reason for it.
CHECKSUMS = {
    "anscombe.csv": "b78f6a433eb4f11b8840de38cb73c72b567b9484e6d9da59a52ecd97b71f350d",
    "cherry_trees.csv": "3ee0cc4f369d1955d56086bdcadf54f7b75e44d67e6a2b68274bfbac79bbd90b",
    "forbes.csv": "c0d6b73a1342f70de2d4c4c4256f17a324b559408f4c6c6f6ae8a97c789fe870",
    "galton.csv": "6e94ee3d92a0c6a02893f2e8660d2388cd3f7471d90595889cd080693803720d",
}
ROWS = {
    "anscombe_1": (11, 1),
    "anscombe_2": (11, 1),
    "anscombe_3": (11, 1),
    "anscombe_4": (11, 1),
    "cherry_trees": (31, 2),
    "forbes": (17, 1),
    "galton": (928, 1),
}
every_set = pytest.mark.parametrize("name", kf.dataset_names())


def text_of(file):
    return file.read_bytes().replace(b"\r\n", b"\n")


def files():
    folder = resources.files("kernelfit").joinpath("data")
    return {file.name: file for file in folder.iterdir() if file.name.endswith(".csv")}


def test_every_file_is_what_it_was():
    assert {
        name: hashlib.sha256(text_of(f)).hexdigest() for name, f in files().items()
    } == CHECKSUMS


def test_every_file_belongs_to_a_set():
    assert {name for _, name in kf.datasets._FILES.items()} == set(files())


def test_every_set_is_known():
    assert kf.dataset_names() == tuple(sorted(ROWS))


@every_set
def test_shapes_and_what_one_must_know(name):
    data = kf.load(name)
    n, p = ROWS[name]
    assert data.X.shape == (n, p)
    assert data.y.shape == (n,)
    assert data.X.dtype == data.y.dtype == np.float64
    assert data.name == name
    assert len(data.columns) == len(data.units) == p + 1
    for text in (data.title, data.source, data.licence, *data.columns, *data.units):
        assert text.strip() == text != ""
    assert all(column.isidentifier() for column in data.columns)
    assert any(character.isdigit() for character in data.source), "a source has a year"


@every_set
def test_the_decimal_text_is_kept_exactly(name):
    data = kf.load(name)
    exact = data.fractions()
    assert len(exact) == len(data.y)
    assert all(isinstance(number, Fraction) for row in exact for number in row)
    table = np.column_stack([data.X, data.y])
    assert [[float(number) for number in row] for row in exact] == table.tolist()
    # No printed figure has more than two decimals, and a float read as a fraction has fifty.
    assert all(100 % number.denominator == 0 for row in exact for number in row)


def test_the_columns_are_described_in_the_order_of_the_header():
    for file in files().values():
        lines = text_of(file).decode("utf-8").splitlines()
        described = [line[10:].split(" | ") for line in lines if line.startswith("# column: ")]
        header = next(line for line in lines if not line.startswith("#"))
        assert [name for name, _, _ in described] == header.split(",")
        assert all(meaning for _, _, meaning in described)


def test_the_four_sets_of_anscombe_are_four():
    titles = [kf.load(f"anscombe_{k}").title for k in (1, 2, 3, 4)]
    assert [title.rpartition(", ")[2] for title in titles] == ["set 1", "set 2", "set 3", "set 4"]


def test_figures_against_the_printed_ones():
    assert kf.load("forbes").fractions()[0] == (Fraction("194.5"), Fraction("20.79"))
    assert kf.load("cherry_trees").fractions()[-1] == (Fraction("20.6"), 87, 77)
    assert kf.load("anscombe_4").fractions()[7] == (19, Fraction("12.5"))
    assert kf.load("anscombe_2").y[0] == 9.14


def test_galton_is_kept_as_his_table_and_expanded():
    lines = text_of(files()["galton.csv"]).decode("utf-8").splitlines()
    cells = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert len(cells) == 102
    assert sum(int(cell["count"]) for cell in cells) == 928
    data = kf.load("galton")
    assert data.columns == ("midparent_height", "child_height")
    pairs = data.fractions()
    for cell in cells:
        pair = (Fraction(cell["midparent_height"]), Fraction(cell["child_height"]))
        assert pairs.count(pair) == int(cell["count"])


def test_units_as_printed():
    assert kf.load("forbes").units == ("°F", "inHg")
    assert kf.load("galton").units == ("in", "in")
    trees = kf.load("cherry_trees")
    assert trees.columns == ("diameter", "height", "volume")
    assert trees.units == ("in", "ft", "ft³")
    assert "mislabelled girth" in trees.note


KNOWN_LINES = {
    "anscombe_1": ([3.00009, 0.50009], 5e-6),
    "anscombe_2": ([3.00091, 0.50000], 5e-6),
    "anscombe_3": ([3.00245, 0.49973], 5e-6),
    "anscombe_4": ([3.00173, 0.49991], 5e-6),
    "forbes": ([-81.06372713, 0.5228924], 5e-8),
    "galton": ([23.94153018, 0.64629058], 5e-9),
    "cherry_trees": ([-57.98765892, 4.7081605, 0.33925123], 5e-8),
}


@every_set
def test_the_fit_is_the_exact_one_and_the_known_one(name):
    data = kf.load(name)
    rows = data.fractions()
    exact = rational.least_squares([(1, *row[:-1]) for row in rows], [row[-1] for row in rows])
    known, printed_to = KNOWN_LINES[name]
    assert np.allclose([float(c) for c in exact], known, rtol=0, atol=printed_to)

    model = kf.LinearRegression().fit(data.X, data.y)
    fitted = [model.intercept_, *model.coef_]
    assert np.allclose(fitted, [float(c) for c in exact], rtol=1e-12, atol=0)


def test_the_trees_on_logarithms():
    """A cone's volume goes with diameter² and height: exponents near 2 and 1."""
    data = kf.load("cherry_trees")
    X, y = np.log(data.X), np.log(data.y)
    exact = [float(c) for c in rational.least_squares([(1, *row) for row in X], y)]
    assert np.allclose(exact, [-6.63161713, 1.98264991, 1.11712333], rtol=0, atol=5e-9)
    model = kf.LinearRegression().fit(X, y)
    assert np.allclose([model.intercept_, *model.coef_], exact, rtol=1e-12, atol=0)


def test_x_is_the_only_column():
    data = kf.load("forbes")
    assert data.x.tolist() == data.X[:, 0].tolist()
    with pytest.raises(kf.InputError, match=r"cherry_trees with 2: diameter, height\. Use X"):
        _ = kf.load("cherry_trees").x


def test_each_call_gives_arrays_of_its_own():
    first = kf.load("forbes")
    first.X[:] = 0
    first.y[:] = 0
    again = kf.load("forbes")
    assert again.X.min() > 194
    assert again.y.min() > 20
    with pytest.raises(AttributeError):
        again.name = "other"


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("forbs", "Did you mean 'forbes'?"),
        ("FORBES", "Did you mean 'forbes'?"),
        ("cherry trees", "Did you mean 'cherry_trees'?"),
        ("titanic_", "got 'titanic_'."),
        (3, "got 3."),
        (["forbes"], "Did you mean 'forbes'?"),
    ],
)
def test_an_unknown_name(name, advice):
    with pytest.raises(kf.InputError) as caught:
        kf.load(name)
    message = str(caught.value)
    assert message.startswith("name must be one of anscombe_1, ")
    assert message.endswith(advice)
    for known in kf.dataset_names():
        assert known in message


@every_set
def test_it_introduces_itself_in_a_few_lines(name):
    data = kf.load(name)
    text = repr(data)
    assert 4 <= len(text.splitlines()) <= 5
    for part in (name, f"{len(data.y)} points", data.columns[-1], data.units[0], data.source):
        assert part in text
