"""An exercise: a question with a judge, hints and a solution beside it.

A judge looks at an answer and returns :func:`correct` or :func:`incorrect`, always with a
reason. ``check`` adds what all exercises share: an answer that is still ``...`` is "not
attempted", and nothing is ever raised at a learner.
"""

from __future__ import annotations

import html
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

LONG_LIST = 100  # entries
CORRECT, INCORRECT, NOT_ATTEMPTED = "correct", "incorrect", "not attempted"
_MARKS = {CORRECT: "✓", INCORRECT: "✗", NOT_ATTEMPTED: "–"}
_COLOURS = {CORRECT: "#009E73", INCORRECT: "#D55E00", NOT_ATTEMPTED: "#767676"}


class AnswerError(Exception):
    """The answer is not of the kind that is asked for; the message says what to do."""


@dataclass(frozen=True)
class Feedback:
    """What the judge says: a status and the reason for it."""

    status: str
    reason: str
    exercise: str = ""

    def __repr__(self) -> str:
        return f"{_MARKS[self.status]} {self.exercise}: {self.status}. {self.reason}".rstrip()

    def _repr_html_(self) -> str:
        title = f"{_MARKS[self.status]} {self.exercise}: {self.status}."
        return _card(title, self.reason, _COLOURS[self.status])


@dataclass(frozen=True)
class Note:
    """A hint or a solution, shown as a card."""

    title: str
    text: str

    def __repr__(self) -> str:
        return f"{self.title}\n{self.text}"

    def _repr_html_(self) -> str:
        return _card(self.title, self.text, "#0072B2")


def correct(reason: str = "") -> Feedback:
    """The answer is right; the reason says what it shows."""
    return Feedback(CORRECT, reason)


def incorrect(reason: str) -> Feedback:
    """The answer is wrong; the reason quotes it and says where it fails."""
    # A question keeps its own mark, also where a sentence is put together of parts.
    return Feedback(INCORRECT, reason.removesuffix(".") if reason.endswith("?.") else reason)


def not_attempted(reason: str) -> Feedback:
    """There is no answer yet, or only a part of it."""
    return Feedback(NOT_ATTEMPTED, reason)


class Exercise:
    """One exercise of a lesson.

    Parameters
    ----------
    name : what it is called, such as "Exercise 2".
    judge : takes the answer, returns :func:`correct` or :func:`incorrect`.
    hints : from a nudge to nearly there.
    solution : the solution as the learner could have typed it, with its reason.
    answer : makes the right answer, for the tests that solve every exercise.

    ``takes`` is how many answers the judge wants.
    """

    def __init__(
        self,
        name: str,
        judge: Callable[..., Feedback],
        hints: Sequence[str],
        solution: str,
        answer: Callable[[], Any],
    ) -> None:
        self.name = name
        self.judge = judge
        self.hints = tuple(hints)
        self.answer = answer
        self.status = NOT_ATTEMPTED
        self._solution = solution
        self.takes = len(inspect.signature(judge).parameters)

    def check(self, *answers: Any) -> Feedback:
        """Judge the answer; ``...`` stands for an answer that has not been given yet."""
        if len(answers) > self.takes and answers[0] is not ...:
            answers = (answers,)  # check(1, 2) where one pair (1, 2) is asked for
        if not answers or answers[0] is None or answers[0] is ...:
            said = not_attempted("Put your answer in the place of the three dots.")
        else:
            try:
                said = self.judge(*answers)
            except AnswerError as refusal:
                said = incorrect(str(refusal))
            except (
                Exception,
                SystemExit,
            ) as problem:  # an answer may be any object
                shown = ", ".join(quoted(answer) for answer in answers)
                said = incorrect(
                    f"{shown} could not be checked ({words_of(problem)}). "
                    f"Is it of the kind that the exercise asks for?"
                )
        if self.status != CORRECT:  # what is done stays done
            self.status = said.status
        return Feedback(said.status, said.reason, self.name)

    def hint(self, number: int = 1) -> Note:
        """Hint 1, 2, ...: each says more than the one before."""
        if not (isinstance(number, int) and 1 <= number <= len(self.hints)):
            return Note(self.name, f"There are hints 1 to {len(self.hints)}, no hint {number!r}.")
        more = f" There is a hint {number + 1}." if number < len(self.hints) else ""
        return Note(f"{self.name}, hint {number}", self.hints[number - 1] + more)

    def solution(self) -> Note:
        """The solution, with its reason."""
        return Note(f"{self.name}, solution", self._solution)

    def __repr__(self) -> str:
        return f"{_MARKS[self.status]} {self.name}: {self.status}"


@dataclass(frozen=True)
class Progress:
    """How far a lesson's exercises have come."""

    exercises: tuple[Exercise, ...]

    def __repr__(self) -> str:
        done = sum(exercise.status == CORRECT for exercise in self.exercises)
        lines = [repr(exercise) for exercise in self.exercises]
        return "\n".join([*lines, f"{done} of {len(self.exercises)} done."])


def quoted(answer: Any, longest: int = 80) -> str:
    """The learner's answer as text, short enough to stand in a sentence."""
    try:
        name = getattr(answer, "__name__", None) if callable(answer) else None
        if name is None:
            text = " ".join(_text(answer).split())
        else:
            text = "your function" if name == "<lambda>" else f"the function {name}"
    except (Exception, SystemExit):
        text = f"an object of type {type(answer).__name__}"
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _text(answer: Any) -> str:
    """Lists with their entries as they are printed alone: 1/2, and not Fraction(1, 2)."""
    if type(answer) not in (list, tuple) or len(answer) > LONG_LIST:
        return str(answer)
    inside = ", ".join(repr(one) if isinstance(one, str) else _text(one) for one in answer)
    if isinstance(answer, list):
        return f"[{inside}]"
    return f"({inside},)" if len(answer) == 1 else f"({inside})"


def words_of(problem: BaseException) -> str:
    """The kind and the message of what a learner's code raised."""
    return f"{type(problem).__name__}: {quoted(problem, 200)}"


def _card(title: str, text: str, colour: str) -> str:
    body = html.escape(text).replace("\n", "<br>").replace("  ", "&nbsp; ")
    return (
        f'<div style="border-left: 4px solid {colour}; padding: 4px 12px; margin: 4px 0">'
        f"<b>{html.escape(title)}</b> {body}</div>"
    )
