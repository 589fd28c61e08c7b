"""What single views of lessons promise beyond the battery in test_views.py."""

from __future__ import annotations

import asyncio
import re

import numpy as np
import pytest
from test_stage import click

from kernelfit import views
from kernelfit.views.controls import stops


def test_a_click_reads_the_thermometer_where_it_is() -> None:
    view = views.how_sure()
    open_there = view.readout
    click(view, 0.5, 0.5)
    click(view, 0.75, 21 / 22)
    assert view.held["readings"].tolist() == [[12.0, 0.0], [18.0, 10.0]]
    assert view.readout.startswith("2 readings. At 12.0 h the temperature is 0.0 ± 1.0 °C")
    assert open_there.startswith("No reading. At 12.0 h the temperature is 0.0 ± 8.0 °C")
    view._stage.drag = [1, view._stage.handles[0][0], view._stage.handles[0][1]]
    assert view.held["readings"].tolist() == [[12.0, 0.0], [12.0, 0.0]]


def test_the_keyboard_reads_the_thermometer_as_well() -> None:
    view = views.how_sure()
    view.set(hour=7.5, value=-2.5)
    for count in range(1, 15):
        view.controls["add"].click()
        assert len(view.held["readings"]) == min(count, 12)  # the oldest one goes
    assert view.held["readings"][0].tolist() == [7.5, -2.5]
    assert "At 7.5 h the temperature is −2.5 ± 0.3 °C" in view.readout


def test_a_band_does_not_depend_on_what_was_read() -> None:
    view = views.how_sure()
    click(view, 0.3, 0.2)
    low = view.compute(view.state)
    view._stage.drag = [0, view._stage.handles[0][0], 0.1]
    high = view.compute(view.state)
    assert np.array_equal(low.std, high.std)
    assert not np.allclose(low.mean, high.mean)


def test_points_that_are_dragged_onto_one_x_have_no_single_best_line() -> None:
    view = views.error_bowl(data="anscombe_4")
    stray = int(np.argmax(view.held["x"]))
    view._stage.drag = [stray, view._stage.handles[0][0], 0.2]
    assert np.ptp(view.held["x"]) == 0
    for squared in (True, False):
        view.set(show_best=True, measure=squared)
        assert "All x are equal" in view.readout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("x+", "got the end at character 3"),
        ("__import__('os')", "runs no Python"),
        ("xz", "For a product write x*z"),
        ("2x", "Write 2*x"),
        ("1/0", "must not divide by 0"),
        ("sin(", "got the end at character 5"),
        ("x*" * 300 + "x", "at most 500 characters, got 601"),
        ("", "must not be empty"),
        ("log(x)", "got none at x = −2.8"),
        ("x + y + z", "two letters"),
        ("exp(exp(exp(9*x*z)))", "at most 1e300"),
    ],
)
def test_nonsense_in_the_laboratory_gets_a_sentence_and_costs_nothing(
    typed: str, said: str
) -> None:
    view = views.laboratory()
    start = (view.picture, view.readout)
    view._stage.drag = [0, 0.2, 0.8]
    points = view.held["points"]
    view.set(ask=True, formula=typed)
    assert said in view.readout
    assert "\n" not in view.readout
    assert view._stage.error == ""
    assert view.controls["formula"].value == typed
    assert view.controls["menu"].value is None
    assert view.held["points"] is points
    view.controls["formula"].value = "1 + (x - z)^2"
    assert view.controls["menu"].value == "1 + (x - z)^2"
    assert "not a kernel, as the form is −2 at 0, 1 with the weights 1, −1" in view.readout
    view.reset_button.click()
    assert (view.picture, view.readout) == start


@pytest.mark.slow
def test_a_formula_of_the_menu_can_be_read_and_is_decided_on_every_domain() -> None:
    view = views.laboratory()
    view.set(ask=True)
    for text in stops(view.controls["menu"]):
        for domain in stops(view.controls["domain"]):
            view.set(menu=text, domain=domain)
            assert view.controls["formula"].value == text
            answers = re.findall(r"(not a kernel|: a kernel, with proof|none at)", view.readout)
            assert len(answers) == 1, (text, domain, view.readout)


@pytest.mark.slow
def test_the_verdict_of_the_laboratory_follows_the_picture() -> None:
    async def ask() -> tuple[str, str]:
        view = views.laboratory()
        view.known.clear()
        view.set(ask=True)
        first = view.readout
        await asyncio.sleep(3)
        return first, view.readout

    first, later = asyncio.run(ask())
    assert first.endswith("For all numbers: being decided …")
    assert "For all numbers: not a kernel" in later


def test_the_verdict_does_not_need_the_values_at_the_points() -> None:
    view = views.laboratory()
    view.set(ask=True, formula="exp(exp(exp(x*z)))")
    assert "at most 1e300" in view.readout
    assert view.readout.endswith("For all numbers: a kernel, with proof.")


# The stage on a view of its own ---------------------------------------------------------------
