"""The workbench of lesson 15: odd tables shown, fits that agree, and what one takes along."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import font_manager

from kernelfit import Gaussian, KernelRegression, PolynomialRegression, choose_degree, load, views
from kernelfit.views import fonts, lesson15_fits
from kernelfit.views.fonts import OURS, families_for
from kernelfit.views.lesson15 import Workbench
from kernelfit.views.lesson15_fits import Model, by_landmarks, choose, gaussian, polynomial
from kernelfit.views.upload import MOST, Upload

ODD = Path(__file__).parent / "odd_tables"
FILES = sorted(path.name for path in ODD.iterdir() if not path.name.startswith("."))
NUMBERS_OF_CODE = """
import json, sys
for program in json.load(sys.stdin):
    space = {}
    exec(program, space)
    print("KEPT", json.dumps([float(v) for v in [*space["errors"].values(), *(
        f([space["at"]])[0] for f in space["fits"].values())]]))
"""


@pytest.fixture
def bench() -> Workbench:
    return Workbench()


def send(bench: Workbench, name: str) -> None:
    """As the page does when a file is chosen or dropped."""
    content = memoryview((ODD / name).read_bytes())
    bench.upload._handle_custom_msg({"name": name}, [content])


# Odd tables --------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_an_odd_file_is_shown_or_gets_a_sentence(bench: Workbench, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        send(bench, name)
        said = bench.readout
        for values in ({"misses": True}, {"degree": 12}, {"width": 0.01}, {"code": True}):
            bench.set(**values)
        bench.choose()
    assert bench._stage.error == ""
    assert said.startswith((f"{name}, ", f"{name} must ", "x and y ", "All ", "There "))
    assert not re.search(r"\b(nan|inf|None|Error)\b", re.sub("“.*?”", "", bench.readout))
    assert "\n" not in said
    assert bench.upload.said
    refused = f"{name} must" in said
    assert (bench.state["data"] == "nile") == refused
    assert ("Still shown: nile." in said) == refused
    bench.reset()
    assert bench.readout == Workbench().readout


def test_what_was_left_out_stands_in_the_readout(bench: Workbench) -> None:
    send(bench, "missing_marks.csv")
    assert (
        "8 of 14 rows left out, for want of a number: line 3 (nothing in oxygen)" in bench.readout
    )


@pytest.mark.slow
def test_a_path_is_read_and_a_wrong_one_explained(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ODD)
    bench.controls["path"].value = "bars"
    assert "got 'bars'. Beside the notebook there is bars.txt" in bench.readout
    bench.controls["path"].value = "bars.txt"
    assert bench.readout.startswith("bars.txt, 4 points.")
    assert bench.controls["path"].value == ""
    bench.controls["path"].value = "bars.txt"  # mended meanwhile, perhaps
    assert bench.readout.startswith("bars.txt (2), 4 points.")
    assert Workbench(str(ODD / "marked_by_999.csv"), missing=["-999"]).state["data"] in FILES
    with pytest.raises(ValueError, match="a file that is there"):
        views.workbench("no_such_table.csv")


@pytest.mark.slow
def test_a_name_of_the_file_is_text_in_page_and_picture(bench: Workbench) -> None:
    send(bench, "hostile_names.csv")
    options = [label for label, _ in bench.controls["x"].options]
    assert options[:2] == ["$x_1^{$", "<script>alert(1)</script>"]
    assert bench._stage.error == ""
    assert bench.fresh_figure().axes[0].get_xlabel() == "$x_1^{$"
    bench._add(b"x,y,<b>c\n1,2,<i>\n2,3,d\n", "<u>.csv", {})
    bench._take("<u>.csv")
    assert "<" not in bench.about.value
    assert "&lt;b&gt;c" in bench.about.value


@pytest.mark.slow
def test_a_point_outside_of_the_data_is_said_to_be_outside(bench: Workbench) -> None:
    bench.set(at="1920")
    assert "outside" not in bench.readout
    for place in ("1870", "1971", "2020", "−5", "1e9"):
        bench.set(at=place)
        assert "outside of the data (1871 to 1970), where no point has tested" in bench.readout
    bench.set(at="1920,5")
    assert "At year = 1920.5 they say" in bench.readout
    bench.set(at="soon")
    assert "“soon” is no number to predict at." in bench.readout
    send(bench, "semicolons.csv")
    bench.set(at="2300")
    assert "the nearest point is 712 m away" in bench.readout


EXTREMES = {
    "nearly one x": "0,1\n1e-20,2\n2e-20,3\n1,4\n2,5\n3,1\n",
    "far from zero": "1000000000,1\n1000000001,2\n1000000002,4\n1000000003,3\n1000000004,5\n",
    "tiny": "1e-140,1\n2e-140,3\n3e-140,2\n4e-140,5\n",
    "huge": "1e149,1e149\n2e149,-1e149\n3e149,5e148\n4e149,0\n",
    "two x": "1,2\n1,2\n1,2\n2,3\n2,3\n",
    "one far out": "1,1\n2,2\n3,3\n4,1e140\n",
    "falling": "-1,-2\n-2,-3\n-3,-1\n-4,-4\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", EXTREMES)
def test_numbers_of_any_size_raise_nothing(bench: Workbench, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bench.receive("odd.csv", f"x,y\n{EXTREMES[name]}".encode())
        assert "outside" not in bench.readout  # the place asked for begins in the middle
        for values in (
            {"degree": 15}, {"width": 0.01, "ridge": 1e-6}, {"width": 10.0}, {"misses": True},
            {"at": "1e140"}, {"code": True},
        ):  # fmt: skip
            bench.set(**values)
        bench.choose()
    assert bench._stage.error == ""
    assert bench.readout.startswith(("Degree, width and ridge", "y must be of a size"))
    assert not re.search(r"\b(nan|inf)\b", bench.readout)


# Fits --------------------------------------------------------------------------------------------


def left_out_by_fits(fit: Any, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    missed = np.empty(len(x))
    for i in range(len(x)):
        rest = np.arange(len(x)) != i
        missed[i] = y[i] - fit.fit(x[rest], y[rest]).predict(x[[i]])[0]
    return missed


def test_the_misses_are_those_of_n_fits() -> None:
    data = load("stopping_distance")
    x, y = data.x, data.y
    for degree in (0, 1, 4):
        by_fits = left_out_by_fits(PolynomialRegression(degree), x, y)
        np.testing.assert_allclose(polynomial(x, y, degree).misses, by_fits, rtol=1e-8)
        error = np.sqrt(choose_degree(x, y, [degree]).mean_squared_error[0])
        assert polynomial(x, y, degree).error == pytest.approx(error, rel=1e-12)
    by_fits = left_out_by_fits(KernelRegression(Gaussian(3.0), ridge=0.1, fit_intercept=True), x, y)
    np.testing.assert_allclose(gaussian(x, y, 3.0, 0.1).misses, by_fits, rtol=1e-8)


def test_landmarks_give_the_curve_and_the_misses_of_the_whole_kernel() -> None:
    data = load("old_faithful")
    x, y = data.x, data.y
    for width, ridge in ((0.3, 0.1), (1.0, 1e-3), (10.0, 1e-4)):
        whole, few = gaussian(x, y, width, ridge), by_landmarks(x, y, width, ridge)
        np.testing.assert_allclose(few.misses, whole.misses, rtol=1e-3, atol=1e-4)
        places = np.linspace(1, 6, 40)
        np.testing.assert_allclose(few.predict(places), whole.predict(places), rtol=1e-3)


def test_another_unit_gives_the_same_curve() -> None:
    data = load("nile")
    x, y = data.x, data.y
    for model, other in (
        (Model("line"), Model("line")),
        (Model("polynomial", degree=5), Model("polynomial", degree=5)),
        (Model("kernel", width=9.0, ridge=0.1), Model("kernel", width=0.09, ridge=0.1)),
    ):
        here, there = model.fit(x, y), other.fit((x - 1900) / 100, 3.169 * y - 40)
        np.testing.assert_allclose(there.misses, 3.169 * here.misses, rtol=1e-7, atol=1e-6)


def test_a_fit_that_cannot_be_says_why() -> None:
    curve = Model("kernel", width=0.0, ridge=1.0).fit(np.arange(4.0), np.arange(4.0))
    assert "width must be a number greater than 0" in curve.warning
    assert np.isnan(curve.predict([1.0])).all()


def test_the_button_takes_the_least_error(bench: Workbench) -> None:
    bench.choose()
    data = load("nile")
    chosen = choose(data.x, data.y, range(16), [3.13, 9.9, 31.3], [0.01, 1.0])
    assert bench.state["degree"] == chosen.degree == 4
    assert "chosen by leaving out each of the 100 points in turn" in bench.readout
    bench.set(degree=2)
    assert "chosen" in bench.readout  # several moved at once say what they want to say
    bench.controls["degree"].value = 3
    assert "chosen" not in bench.readout


@pytest.mark.slow
def test_a_million_rows_are_fitted_and_some_of_them_drawn(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = 10**6
    chance = np.random.default_rng(1)
    x = chance.uniform(0, 10, n)
    y = np.sin(x) + chance.normal(size=n)
    x[0], y[1] = -3.0, 40.0
    path = tmp_path / "million.csv"
    np.savetxt(path, np.column_stack([x, y]), fmt="%.6g", delimiter=",", header="x,y", comments="")
    bench.controls["path"].value = str(path)
    assert bench.readout.startswith("million.csv, 1,000,000 points.")
    assert re.search(r"2,00\d of the 1,000,000 points are drawn, all are fitted", bench.readout)
    assert numbers_in(bench)[2] == pytest.approx(1.0, abs=0.005)
    assert "(σ = 1.3, λ = 0.1)" in bench.readout
    assert "The kernel fit stands on 27 landmarks." in bench.readout
    drawn = bench.fresh_figure().axes[0].lines[0].get_xydata()
    assert drawn[:, 0].min() == -3.0  # the ends are there, whatever chance chose
    assert drawn[:, 1].max() == 40.0
    bench.choose()
    assert "each of 500 of the 1,000,000 points, drawn at random" in bench.readout
    bench.set(code=True)
    numbers = numbers_of([bench.code.value], tmp_path)
    np.testing.assert_allclose(numbers[0], numbers_in(bench), rtol=1e-8)


# What one takes along ----------------------------------------------------------------------------


def numbers_of(programs: list[str], folder: Path) -> list[list[float]]:
    """Errors and predictions as the programs print them in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-c", NUMBERS_OF_CODE],
        input=json.dumps(programs),
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "MPLBACKEND": "agg", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = [line[4:] for line in done.stdout.splitlines() if line.startswith("KEPT")]
    return [json.loads(line) for line in found]


def numbers_in(bench: Workbench) -> list[float]:
    """The same numbers as the view has them."""
    shown = bench._complete(bench.compute(bench.state))
    curves = [curve for curve in shown.curves if curve]
    assert len(curves) == 3
    at = np.array([shown.at])
    return [*(curve.error for curve in curves), *(curve.predict(at)[0] for curve in curves)]


@pytest.mark.slow
def test_the_code_gives_the_numbers_of_the_view_in_a_fresh_process(bench: Workbench) -> None:
    programs, numbers, names = [], [], []
    for name in [*FILES, *bench.tables]:
        if name in FILES:
            send(bench, name)
        else:
            bench.set(data=name)
        if bench.state["data"] == name and not bench.compute(bench.state).problem:
            bench.set(degree=2, width=0.2, code=True)
            programs.append(bench.code.value)
            numbers.append(numbers_in(bench))
            names.append(name)
        bench.reset()
    assert len(programs) >= 40
    for name, got, wanted in zip(names, numbers_of(programs, ODD), numbers, strict=True):
        scale = np.nanmax(np.abs(wanted))
        np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-12 * scale, err_msg=name)


def test_the_code_says_how_the_file_is_read() -> None:
    bench = Workbench(str(ODD / "marked_by_999.csv"), missing=["-999"])
    bench.set(code=True)
    assert "missing=['-999']" in bench.code.value
    assert "encoding='utf-8', separator=',', decimal='.'" in bench.code.value
    assert "print(pair.sentence)" in bench.code.value
    bench.set(code=False)
    assert bench.code.value == ""


@pytest.mark.slow
def test_a_picture_is_saved_twice_and_never_over_another(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bench.controls["save"].click()
    assert "Saved beside the notebook as nile-flow.png and nile-flow.svg." in bench.readout
    bench.controls["save"].click()
    assert "nile-flow-2.png" in bench.readout
    assert (tmp_path / "nile-flow.png").read_bytes()[:4] == b"\x89PNG"
    assert "<svg" in (tmp_path / "nile-flow-2.svg").read_text(encoding="utf-8")
    assert bench.save("chosen.png")[1].name == "chosen.svg"
    bench.reset()
    assert "Saved" not in bench.readout


def test_a_folder_that_cannot_be_written_to_gets_a_sentence(
    bench: Workbench, tmp_path: Path
) -> None:
    bench.save = lambda: Workbench.save(bench, tmp_path / "nowhere" / "x")  # type: ignore
    bench.controls["save"].click()
    assert "must be one that can be written to, got: No such file" in bench.readout
    assert bench._stage.error == ""


# The letters and the page ------------------------------------------------------------------------


def test_letters_that_no_font_has_are_never_drawn_as_boxes(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shipped = [f for f in font_manager.fontManager.ttflist if "mpl-data" in f.fname]
    assert {f.name for f in shipped} >= {OURS, "STIXGeneral"}
    monkeypatch.setattr(font_manager.fontManager, "ttflist", shipped)
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        send(bench, "byte_order_mark.csv")
    assert bench.fresh_figure().axes[0].get_xlabel() == "column 0 [s]"
    assert "No font on this computer has the letters of 時間 and 距離" in bench.readout
    assert caplog.records == []


def test_a_font_that_has_the_letters_is_found_and_draws_them(bench: Workbench) -> None:
    rare = "\u1d8d\u1d81"  # in a font that comes with matplotlib, not in the one of the course
    families = families_for(f"x {rare}")
    assert families is not None
    assert families[0] == OURS
    assert families[1].startswith("STIX")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bench.receive("rare.csv", f"{rare},y\n1,2\n2,3\n3,5\n".encode())
    assert bench.fresh_figure().axes[0].get_xlabel() == rare
    assert "No font" not in bench.readout


def test_a_font_that_cannot_be_read_has_no_letters(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    assert fonts._characters(str(broken)) == frozenset()


def test_a_message_that_no_page_would_send_is_survived() -> None:
    seen: list[tuple[str, bytes]] = []

    def on_file(name: str, raw: bytes) -> str:
        seen.append((name, raw))
        return "seen"

    upload = Upload(on_file)
    assert upload.most == MOST == 10_000_000
    for content, buffers in (({}, []), ("x", [b"a"]), ({"name": 5}, [memoryview(b"b")])):
        upload._handle_custom_msg(content, buffers)
    assert seen == [("the file", b""), ("the file", b"a"), ("5", b"b")]
    assert upload.said == "seen"


def test_an_error_that_nobody_expected_is_said_where_the_file_was_chosen() -> None:
    def broken(name: str, raw: bytes) -> str:
        raise MemoryError("no room for it")

    upload = Upload(broken)
    with pytest.raises(MemoryError):
        upload._received(upload, {"name": "a.csv"}, [b""])
    assert upload.said == "MemoryError: no room for it"


@pytest.mark.slow
def test_few_points_keep_pace_and_many_follow() -> None:
    assert lesson15_fits.EXACT == 2000
    bench = Workbench("galton")
    shown = bench.compute(bench.state)
    assert shown.curves[0] is not None  # computed when the hand rested
    bench._curves.clear()
    assert bench.compute(bench.state).curves == (None, None, None)
    assert "line …" in bench.describe(bench.compute(bench.state))
    assert bench.compute_slowly(bench.state) is not None
    assert Workbench("nile").compute_slowly(bench.state | {"data": "nile"}) is None
