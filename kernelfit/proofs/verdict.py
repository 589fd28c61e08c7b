"""The answer to whether a formula is a kernel, and how it shows itself in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from .claims import Unsound
from .refutation import Asymmetry, NegativeForm
from .simpler import SameOnDomain
from .steps import Pair, Step, must_agree

DIGITS = 6  # of the decimals beside exact numbers


@dataclass(frozen=True)
class Verdict:
    """Whether k(x, z) is a kernel on a domain, and why.

    Attributes
    ----------
    is_kernel : bool or None
        True with a ``proof``, False with a ``refutation``, None when neither was found.
    proof : Step or None
        A tree of rules; ``premises`` are the branches.
    refutation : NegativeForm, Asymmetry or None
        Points and weights with a negative form, exactly; or two points at which k is not symmetric.
    explanation : str
        What was found or tried, in Markdown with formulas.
    """

    expression: sp.Expr
    pair: Pair
    domain: sp.Set
    proof: Step | None = None
    refutation: NegativeForm | Asymmetry | None = None
    tried: tuple[str, ...] = ()

    @property
    def is_kernel(self) -> bool | None:
        """True, False, or None for undecided."""
        if self.proof is not None:
            return True
        return False if self.refutation is not None else None

    def verify(self) -> bool:
        """Go over every step by another route; True, or Unsound is raised with what does not hold.

        Identities are computed at exact points, inequalities are tried there and proved again, the
        exact form is summed again.  Of an undecided verdict there is nothing to verify.
        """
        if self.proof is not None:
            if self.domain.is_subset(self.proof.domain) is not True:
                raise Unsound(f"the proof is for {self.proof.domain}, not for {self.domain}")
            if self.proof.is_distance:
                raise Unsound(f"{self.proof.formula} is shown to be a distance, not a kernel")
            must_agree(self.expression, self.proof.formula, self.pair, self.domain)
            for step in self.proof.walk():
                step.check(self.pair)
        if self.refutation is not None:
            self.refutation.verify(self.expression, *self.pair, self.domain)
        return True

    def __bool__(self) -> bool:
        raise TypeError(
            "a verdict is neither true nor false: ask verdict.is_kernel, which is True, False or "
            "None (undecided)."
        )

    # How it shows itself

    @property
    def explanation(self) -> str:
        """What was found or tried, rule by rule, in Markdown with formulas."""
        formula = f"$k({self.pair.x}, {self.pair.z}) = {sp.latex(self.expression)}$"
        where = f"on ${sp.latex(self.domain)}$"
        if self.proof is not None:
            steps = "\n".join(_listed(self.proof, self.pair))
            return f"{formula} **is a kernel** {where}.\n\n{steps}"
        if isinstance(self.refutation, NegativeForm):
            return f"{formula} **is not a kernel** {where}.\n\n{_negative_form(self.refutation)}"
        if isinstance(self.refutation, Asymmetry):
            a, b = self.refutation.points
            values = " \\ne ".join(sp.latex(value) for value in self.refutation.values)
            pairs = f"k({sp.latex(a)}, {sp.latex(b)}) \\ne k({sp.latex(b)}, {sp.latex(a)})"
            why = f"It is not symmetric: ${pairs}$, as ${values}$."
            return f"{formula} **is not a kernel** {where}.\n\n{why}"
        tried = "\n".join(f"- {sentence}" for sentence in self.tried)
        return f"Whether {formula} is a kernel {where} stays **undecided**. Tried:\n\n{tried}"

    def _repr_markdown_(self) -> str:
        return self.explanation

    def __repr__(self) -> str:
        answer = {True: "a kernel", False: "not a kernel", None: "undecided"}[self.is_kernel]
        if isinstance(self.refutation, NegativeForm):
            points = ", ".join(map(str, self.refutation.points))
            why = f": form {sp.N(self.refutation.value, DIGITS)} at the points {points}"
        elif isinstance(self.refutation, Asymmetry):
            why = f": not symmetric at {self.refutation.points}"
        else:
            why = f": {_first_rule(self.proof)}" if self.proof is not None else ""
        return f"<{self.expression} on {self.domain}: {answer}{why}>"


def _first_rule(step: Step) -> str:
    """The rule that stands at the root, beside other ways of writing."""
    while isinstance(step, SameOnDomain):
        (step,) = step.premises
    return step.rule


def _listed(step: Step, pair: Pair, depth: int = 0) -> Iterator[str]:
    """The tree as nested items of a list."""
    while isinstance(step, SameOnDomain) and step.formula == step.premises[0].formula:
        (step,) = step.premises
    reason = step.reason(pair)
    text = f"${sp.latex(step.formula)}$: {step.rule}" + (f", {reason}" if reason else "")
    if step.source:
        text += f" *({step.source})*"
    yield "  " * depth + f"- {text}"
    for premise in step.premises:
        yield from _listed(premise, pair, depth + 1)


def _negative_form(form: NegativeForm) -> str:
    points = ", ".join(sp.latex(point) for point in form.points)
    weights = ", ".join(sp.latex(weight) for weight in form.weights)
    value = sp.latex(form.value)
    decimal = sp.N(form.value, DIGITS)
    shown = f"{value} \\approx {decimal}" if len(value) < 200 else f"{decimal}"
    lines = [f"At the points ${points}$ with the weights ${weights}$:", ""]
    if form.gram.rows <= 6 and len(sp.latex(form.gram)) < 1500:
        lines += [f"$$K = {sp.latex(form.gram)}$$", ""]
    lines.append(rf"$$\sum_{{i,j}} w_i w_j\, k(x_i, x_j) = {shown} < 0$$")
    return "\n".join(lines)
