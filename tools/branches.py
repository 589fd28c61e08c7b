"""How many branches of the package the unit tests take: the second half of ``make coverage``.

A branch is one of the ways out of a line that has two or more: into an `if` and past it, into a
loop and over it. Lines alone would count an `if` as tested that was never false.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import coverage

REPORT = Path("build/coverage/report.json")
AT_LEAST = 95.0  # per cent of the branches of the whole package


def measured() -> dict[str, dict[str, int]]:
    """For each file, and for "all" of them, the counts that coverage.py made."""
    tool = coverage.Coverage()
    tool.combine()
    tool.save()
    tool.json_report(outfile=str(REPORT))
    report = json.loads(REPORT.read_text(encoding="utf-8"))
    files = {name: found["summary"] for name, found in report["files"].items()}
    return files | {"all": report["totals"]}


def share(counts: dict[str, int], kind: str, of: str) -> float:
    """Per cent; all of nothing is all."""
    return 100 * counts[kind] / counts[of] if counts[of] else 100.0


def main() -> int:
    counts = measured()
    print(f"\n{'':<46} {'branches':>8} {'taken':>6} {'%':>6} {'lines %':>8}")
    by_share = sorted(counts, key=lambda name: share(counts[name], *BRANCHES))
    for name in [*(name for name in by_share if name != "all"), "all"]:
        one = counts[name]
        if share(one, *BRANCHES) < 100 or name == "all":
            print(
                f"{name:<46} {one['num_branches']:>8} {one['covered_branches']:>6}"
                f" {share(one, *BRANCHES):>6.1f} {share(one, *LINES):>8.1f}"
            )
    kept = share(counts["all"], *BRANCHES) >= AT_LEAST
    print(f"At least {AT_LEAST:.0f} % of the branches: {'kept' if kept else 'BROKEN'}\n")
    return 0 if kept else 1


BRANCHES = ("covered_branches", "num_branches")
LINES = ("covered_lines", "num_statements")

if __name__ == "__main__":
    sys.exit(main())
