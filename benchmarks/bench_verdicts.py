"""What ``decide`` says about 150 formulas, beside the truth, and how long it takes.

The formulas and their truth were collected before the code (tests/formulas.py and, beside it,
collected_formulas.py). Times are those of the processor, for the verdict and for checking it once
more. What the number of steps bounds is the same on every machine; only the seconds differ.

The promises: at least 95 % decided, none wrong, every verdict stands its check, 5 seconds at most.

    python benchmarks/bench_verdicts.py
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from machine import print_machine  # noqa: E402
from page import head, row, said  # noqa: E402
from questions import QUESTIONS, read  # noqa: E402

from kernelfit.proofs import Verdict, decide  # noqa: E402

DECIDED, SECONDS = 0.95, 5.0  # promised
WORDS = {True: "kernel", False: "no kernel", None: "undecided"}
LONGEST = 54  # characters of a formula in the table


def answered(question: Any) -> tuple[Verdict, float]:
    """The verdict, checked, and the seconds that both took."""
    k, domain = read(question)
    start = time.process_time()
    verdict = decide(k, domain=domain)
    verdict.verify()
    return verdict, time.process_time() - start


def report(verdicts: list[Verdict], seconds: list[float]) -> bool:
    """Print the counts; whether the promises are kept."""
    answers = [verdict.is_kernel for verdict in verdicts]
    pairs = list(zip(answers, QUESTIONS, strict=True))
    decided = sum(answer is not None for answer in answers)
    wrong = sum(answer not in (None, question.is_kernel) for answer, question in pairs)
    longest = max(seconds)
    median = statistics.median(seconds)
    head("decided", "wrong", "median", "longest")
    row(f"{decided} of {len(QUESTIONS)}", f"{wrong}", f"{median:.2f} s", f"{longest:.2f} s")
    return all(
        [
            said(f"at least {DECIDED:.0%} decided", decided >= DECIDED * len(QUESTIONS)),
            said("none wrong, each verdict checked", wrong == 0),
            said(f"{SECONDS:.0f} seconds at most, the check included", longest <= SECONDS),
        ]
    )


def main() -> int:
    print_machine("kernelfit", "sympy", "mpmath", "numpy")
    print(f"\n{'':>4} {'formula':<{LONGEST}} {'domain':<9} {'verdict':<10} {'truth':<10} seconds")
    verdicts, seconds = [], []
    for i, question in enumerate(QUESTIONS):
        verdict, time_taken = answered(question)
        verdicts.append(verdict)
        seconds.append(time_taken)
        text = question.text
        short = text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
        words = f"{WORDS[verdict.is_kernel]:<10} {WORDS[question.is_kernel]:<10}"
        marks = "" if verdict.is_kernel is question.is_kernel else "  <--"
        print(
            f"{i:>4} {short:<{LONGEST}} {question.domain:<9} {words} {time_taken:>7.2f}{marks}",
            flush=True,
        )
    print()
    kept = report(verdicts, seconds)
    print("\nThe promise is kept." if kept else "\nThe promise is BROKEN.")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
