"""The controls of all views: one look, every step sent while the hand moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets

_STYLE = {"description_width": "9.5rem"}
_WIDTH = "26rem"


def slider(label: str, low: float, high: float, step: float, start: float) -> ipywidgets.Widget:
    """A slider over low, low + step, ..., high."""
    digits = max(0, -_exponent(step))
    return ipywidgets.FloatSlider(
        value=start,
        min=low,
        max=high,
        step=step,
        description=label,
        readout_format=f".{digits}f",
        continuous_update=True,
        style=_STYLE,
        layout=ipywidgets.Layout(width=_WIDTH),
    )


def log_slider(label: str, low: float, high: float, step: float, start: float) -> ipywidgets.Widget:
    """A slider over 10**low, 10**(low + step), ..., 10**high; ``start`` is a value, not a power."""
    return ipywidgets.FloatLogSlider(
        value=start,
        base=10,
        min=low,
        max=high,
        step=step,
        description=label,
        readout_format=".3g",
        continuous_update=True,
        style=_STYLE,
        layout=ipywidgets.Layout(width=_WIDTH),
    )


def whole_slider(label: str, low: int, high: int, start: int) -> ipywidgets.Widget:
    """A slider over the whole numbers from low to high."""
    return ipywidgets.IntSlider(
        value=start,
        min=low,
        max=high,
        description=label,
        continuous_update=True,
        style=_STYLE,
        layout=ipywidgets.Layout(width=_WIDTH),
    )


def listed_slider(label: str, values: Sequence[float], start: float) -> ipywidgets.Widget:
    """A slider over the listed values, where neither equal steps nor equal ratios will do."""
    return ipywidgets.SelectionSlider(
        options=[(f"{value:g}", value) for value in values],
        value=start,
        description=label,
        continuous_update=True,
        style=_STYLE,
        layout=ipywidgets.Layout(width=_WIDTH),
    )


def choice(label: str, options: Sequence[Any], start: Any) -> ipywidgets.Widget:
    """A menu; options are values or pairs (name, value)."""
    return ipywidgets.Dropdown(
        options=options,
        value=start,
        description=label,
        style=_STYLE,
        layout=ipywidgets.Layout(width=_WIDTH),
    )


def text_field(label: str, start: str, samples: Sequence[str]) -> ipywidgets.Widget:
    """A field for text, sent with Enter or when it is left.

    ``samples`` stand for all that a hand could type there, sense and nonsense.
    """
    field = ipywidgets.Text(
        value=start,
        description=label,
        continuous_update=False,
        style=_STYLE,
        layout=ipywidgets.Layout(width=_WIDTH),
    )
    field.samples = tuple(samples)
    return field


def tick(label: str, start: bool = False) -> ipywidgets.Widget:
    """A box to tick."""
    return ipywidgets.Checkbox(
        value=start, description=label, indent=False, layout=ipywidgets.Layout(width="14rem")
    )


def value_of(control: ipywidgets.Widget) -> Any:
    """The value of the control; a slider's without the rounding of the browser's arithmetic.

    There −1 + 50 · 0.02 is −2e-16, which would be written −0.00.
    """
    value = control.value
    return round(value, 10) + 0.0 if isinstance(control, ipywidgets.FloatSlider) else value


def stops(control: ipywidgets.Widget) -> list[Any]:
    """Every value a hand can give to the control, in order; of a text the samples."""
    if isinstance(control, ipywidgets.Text):
        return list(control.samples)
    if isinstance(control, (ipywidgets.Dropdown, ipywidgets.SelectionSlider)):
        return [value for _, value in control._options_full]
    if isinstance(control, ipywidgets.Checkbox):
        return [False, True]
    count = round((control.max - control.min) / control.step)
    values = [control.min + i * control.step for i in range(count + 1)]
    if isinstance(control, ipywidgets.IntSlider):
        return [int(value) for value in values]
    if isinstance(control, ipywidgets.FloatLogSlider):
        return [control.base**value for value in values]
    return [round(value, 10) for value in values]


def _exponent(step: float) -> int:
    """The power of ten of the last digit of a step such as 0.05 or 0.2."""
    return len(f"{step:f}".rstrip("0").partition(".")[2]) * -1
