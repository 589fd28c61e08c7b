"""Effort is counted in steps, not in seconds: so every machine reaches the same verdict."""

from __future__ import annotations

from .._checks import positive

STEPS = 4000  # of the unit of work that ``spend`` counts, at effort 1


class Exhausted(Exception):  # noqa: N818 - nothing went wrong, the steps are used up
    """The steps are used up; what has been found until now is all there is."""


class Budget:
    """A number of steps that a search may take, shared by all who search.

    One step is about a millisecond of work on a laptop: a rule tried, a Gram matrix of a few
    points.  Who does more at once spends more.
    """

    def __init__(self, effort: float = 1.0) -> None:
        advice = "1 is the usual effort, 10 looks ten times as long."
        self.left = round(STEPS * positive(effort, "effort", advice=advice))

    def spend(self, steps: int = 1) -> None:
        """Take steps away; raises Exhausted when there are none left."""
        self.left -= steps
        if self.left < 0:
            raise Exhausted

    def share(self, fraction: float) -> Budget:
        """A part of what is left, for a search that must not use up everything."""
        part = Budget()
        part.left = int(self.left * fraction)
        return part
