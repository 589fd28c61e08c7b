"""The shipped data: the figures as printed, and the fits that follow from them exactly."""

import csv
import hashlib
from decimal import Decimal
from fractions import Fraction
from importlib import resources

import numpy as np
import pytest
import rational

import kernelfit as kf

# sha256 of each file with LF line ends; change one only together with the reason for it.
CHECKSUMS = {
    "anscombe.csv": "b78f6a433eb4f11b8840de38cb73c72b567b9484e6d9da59a52ecd97b71f350d",
    "boston_marathon.csv": "bf0900f94999d3ac3fe33b174458567d0b704bfe1dfe0859613f08f53977e7ae",
    "cherry_trees.csv": "3ee0cc4f369d1955d56086bdcadf54f7b75e44d67e6a2b68274bfbac79bbd90b",
    "filip.csv": "1b6541b8e2f7f41fad75101ea7d1492c441b8abeb998a81fae5e3db49969700d",
    "forbes.csv": "c0d6b73a1342f70de2d4c4c4256f17a324b559408f4c6c6f6ae8a97c789fe870",
    "galton.csv": "6e94ee3d92a0c6a02893f2e8660d2388cd3f7471d90595889cd080693803720d",
    "longley.csv": "72d47727b926b6a5edc61f43fea761be7f63eab3815fcbffa82542512f71e796",
    "mauna_loa_co2.csv": "80cc6cea7f709bff50df5e0ab3db352101a71fa44c80311f01da26a6ab15a74e",
    "mercury_vapour.csv": "2a9d129af638ad6c767c23fdae88dedc839e13fcada34b7eec4949585844cc57",
    "nile.csv": "0931953fd17d4cd08dfe272ef11e5c293c6a2a6bad1068984156362fc9e013a7",
    "norris.csv": "7897a01ec7d2ce88a8b502fd1b0f560c0a8ba7951cf885fd52c109a0c3d2e78e",
    "old_faithful.csv": "b6c85a61a591817e2616b082a9a13ef820a426b23cbd289b8989e6335a6b292a",
    "pontius.csv": "b231b274dec3ebcc5eb456d8e8ba54e72977c878ffd44e2542cc8309f5be591f",
    "stopping_distance.csv": "8e05d890779668fc56b691efd71af0269b0a8882a3d202d842f5095efeb50f31",
    "wampler1.csv": "8395be7a9339ca5956dfa8fe6a7b3c801e7f3c03a65c81e72141eaded2f42a80",
}
ROWS = {
    "anscombe_1": (11, 1),
    "anscombe_2": (11, 1),
    "anscombe_3": (11, 1),
    "anscombe_4": (11, 1),
    "boston_marathon": (120, 1),
    "cherry_trees": (31, 2),
    "filip": (82, 1),
    "forbes": (17, 1),
    "galton": (928, 1),
    "longley": (16, 6),
    "mauna_loa_co2": (468, 1),
    "mercury_vapour": (19, 1),
    "nile": (100, 1),
    "norris": (36, 1),
    "old_faithful": (272, 1),
    "pontius": (40, 1),
    "stopping_distance": (50, 1),
    "wampler1": (21, 1),
}
# How many decimals the figure with the most of them has.
DECIMALS = {
    "anscombe_1": 2,
    "anscombe_2": 2,
    "anscombe_3": 2,
    "anscombe_4": 2,
    "boston_marathon": 0,
    "cherry_trees": 1,
    "filip": 9,
    "forbes": 2,
    "galton": 1,
    "longley": 1,
    "mauna_loa_co2": 2,
    "mercury_vapour": 4,
    "nile": 0,
    "norris": 1,
    "old_faithful": 3,
    "pontius": 5,
    "stopping_distance": 0,
    "wampler1": 0,
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
    assert most_decimals(exact) == DECIMALS[name]
    # This notices figures that came by way of floats, as long as any of them is not whole.
    by_way_of_floats = [[Fraction(number) for number in row] for row in table.tolist()]
    assert most_decimals(by_way_of_floats) > 40 or DECIMALS[name] == 0


def most_decimals(rows):
    numbers = {number for row in rows for number in row}
    return next(k for k in range(1100) if all((10**k * n).denominator == 1 for n in numbers))


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
    assert kf.load("filip").fractions()[0] == (Fraction("-6.860120914"), Fraction("0.8116"))
    assert kf.load("longley").fractions()[-1] == (
        *(Fraction("116.9"), 554894, 4007, 2827, 130081, 1962),
        70551,
    )
    assert kf.load("mercury_vapour").fractions()[-2:] == [(340, 558), (360, 806)]
    assert kf.load("norris").fractions()[1] == (Fraction("337.4"), Fraction("338.8"))
    assert kf.load("nile").fractions()[0] == (1871, 1120)
    assert kf.load("old_faithful").fractions()[0] == (Fraction("3.6"), 79)
    assert kf.load("boston_marathon").fractions()[0] == (1897, (2 * 60 + 55) * 60 + 10)
    assert kf.load("pontius").fractions()[-1] == (3000000, Fraction("2.16829"))
    assert kf.load("stopping_distance").fractions()[-2:] == [(24, 120), (25, 85)]


def test_carbon_dioxide_month_by_month():
    months = kf.load("mauna_loa_co2").fractions()
    assert [month for month, _ in months] == list(range(468))
    assert months[0][1] == Fraction("315.42")
    assert months[467][1] == Fraction("364.34")
    # The note says that three months of 1964 were filled in on a straight line.
    january, *filled, may = (ppm for _, ppm in months[60:65])
    line = [january + (may - january) * k / 4 for k in (1, 2, 3)]
    assert all(abs(a - b) <= Fraction("0.005") for a, b in zip(filled, line, strict=True))


def test_wampler_made_his_figures_with_a_polynomial():
    assert kf.load("wampler1").fractions() == [(x, sum(x**k for k in range(6))) for x in range(21)]


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
    assert kf.load("stopping_distance").units == ("mph", "ft")
    assert kf.load("mercury_vapour").units == ("°C", "mmHg")
    assert kf.load("mauna_loa_co2").units == ("months since January 1959", "ppm")
    assert kf.load("pontius").columns == ("load", "deflection")
    longley = kf.load("longley")
    assert dict(zip(longley.columns, longley.units, strict=True)) == {
        "deflator": "1954 = 100",
        "gnp": "million US$",
        "unemployed": "thousands",
        "armed_forces": "thousands",
        "population": "thousands",
        "year": "year",
        "employment": "thousands",
    }
    # The deflator's unit can be seen in the figures.
    (row,) = (row for row in longley.fractions() if row[5] == 1954)
    assert row[0] == 100


# Intercept and slopes to the digits shown.  Those of Longley and Norris are certified by NIST.  For
# Filip, Pontius and Wampler a polynomial is certified and no line: theirs is what rational
# arithmetic gives, written down so that it stays the same.
KNOWN_LINES = {
    "anscombe_1": ["3.00009", "0.50009"],
    "anscombe_2": ["3.00091", "0.50000"],
    "anscombe_3": ["3.00245", "0.49973"],
    "anscombe_4": ["3.00173", "0.49991"],
    "boston_marathon": ["42838.8195", "-17.5392041"],
    "cherry_trees": ["-57.98765892", "4.7081605", "0.33925123"],
    "filip": ["1.05926546", "0.0340945932"],
    "forbes": ["-81.06372713", "0.5228924"],
    "galton": ["23.94153018", "0.64629058"],
    "longley": [
        "-3482258.63459582",
        "15.0618722713733",
        "-0.0358191792925910",
        "-2.02022980381683",
        "-1.03322686717359",
        "-0.0511041056535807",
        "1829.15146461355",
    ],
    "mauna_loa_co2": ["311.611819", "0.108958058"],
    "mercury_vapour": ["-147.8989", "1.5124"],
    "nile": ["6132.17358", "-2.71430543"],
    "norris": ["-0.262323073774029", "1.00211681802045"],
    "old_faithful": ["33.47439702", "10.7296414"],
    "pontius": ["0.00614968421", "7.22102581e-7"],
    "stopping_distance": ["-17.57909489", "3.93240876"],
    "wampler1": ["-655614.8095", "127957.5143"],
}


def assert_printed(exact, printed):
    """Each exact number, rounded to the digits of the printed one, is the printed one."""
    places = [-Decimal(text).as_tuple().exponent for text in printed]
    rounded = [round(number, k) for number, k in zip(exact, places, strict=True)]
    assert rounded == [Fraction(text) for text in printed]


@every_set
def test_the_fit_is_the_exact_one_and_the_known_one(name):
    data = kf.load(name)
    rows = data.fractions()
    exact = rational.least_squares([(1, *row[:-1]) for row in rows], [row[-1] for row in rows])
    assert_printed(exact, KNOWN_LINES[name])

    model = kf.LinearRegression().fit(data.X, data.y)
    fitted = [model.intercept_, *model.coef_]
    assert np.allclose(fitted, [float(c) for c in exact], rtol=1e-12, atol=0)


# Coefficients of 1, x, x², ...; those of Filip, Pontius and Wampler are certified by NIST.
KNOWN_POLYNOMIALS = {
    "filip": [
        "-1467.48961422980",
        "-2772.17959193342",
        "-2316.37108160893",
        "-1127.97394098372",
        "-354.478233703349",
        "-75.1242017393757",
        "-10.8753180355343",
        "-1.06221498588947",
        "-0.0670191154593408",
        "-0.00246781078275479",
        "-4.02962525080404e-05",
    ],
    "pontius": ["0.000673565789473684", "7.32059160401003e-7", "-3.16081871345029e-15"],
    "stopping_distance": ["2.470138", "0.913288", "0.099959"],
    "wampler1": ["1.00000000000000"] * 6,
}


@pytest.mark.parametrize("name", KNOWN_POLYNOMIALS)
def test_the_exact_polynomial_is_the_known_one(name):
    known = KNOWN_POLYNOMIALS[name]
    rows = kf.load(name).fractions()
    powers = [[x**k for k in range(len(known))] for x, _ in rows]
    exact = rational.least_squares(powers, [y for _, y in rows])
    assert_printed(exact, known)
    if name == "wampler1":
        assert exact == [1] * 6  # not only to the digits shown


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
