"""One page of figures: what the benchmarks measured, each beside its peer.

While `make bench` runs, every benchmark hands its rows and versions to a file that the variable
KERNELFIT_FIGURES names; at the end this script prints them as one page and writes RESULTS.md.
A benchmark that runs alone hands in nothing.

    python benchmarks/page.py FIGURES
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
HEADINGS = {  # in the order of the page
    "bench_slider_latency": "A slider moves: key press to changed pixels, in Chromium",
    "bench_lessons": "A lesson runs: from a fresh kernel to the last cell",
    "bench_digits": "Right digits of the worst coefficient, NIST's reference sets (16 at most)",
    "bench_fit_speed": "Fits of a million points",
    "bench_refinement": "The step that refines a fit, beside the fit itself",
    "bench_gram": "The Gaussian's Gram matrix",
    "bench_kernel_regression": "Kernel regression",
    "bench_verdicts": "Is it a kernel? 150 formulas, collected before the code",
    "bench_scaling": "Many rows",
}


def hand_in(**entry: Any) -> None:
    """Append one entry for the page, if a page is being made."""
    if os.environ.get("KERNELFIT_FIGURES"):
        entry["script"] = Path(sys.argv[0]).stem
        with open(os.environ["KERNELFIT_FIGURES"], "a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


def head(*columns: str) -> None:
    """Begin a table."""
    hand_in(head=columns)


def row(*cells: str) -> None:
    """A line of the table that was begun; units stand in the texts."""
    hand_in(row=cells)


def said(promise: str, kept: bool) -> bool:
    """Print and hand in whether a promise is kept, and return it."""
    print(f"  {promise}: {'kept' if kept else 'BROKEN'}", flush=True)
    hand_in(promise=f"{promise}: {'kept' if kept else '**BROKEN**'}")
    return kept


def page(entries: list[dict[str, Any]]) -> str:
    """The page in Markdown."""
    machines = list(dict.fromkeys(entry["machine"] for entry in entries if "machine" in entry))
    versions: dict[str, str] = {}
    for entry in entries:
        versions |= entry.get("versions", {})
    lines = [
        "# What was measured",
        "",
        f"Written by `make bench` on {time.strftime('%d %B %Y')}. {'; '.join(machines)}.",
        "Peers were measured in the same run, in turns with kernelfit where times are compared; a",
        "ratio is the median of the ratios in each round. Absolute times are this machine's.",
        "",
        ", ".join(f"{name} {version}" for name, version in sorted(versions.items())),
    ]
    for script, heading in HEADINGS.items():
        own = [entry for entry in entries if entry["script"] == script]
        lines += ["", f"## {heading}"]
        if not own:
            lines += ["", f"Nothing was measured: see what `{script}.py` printed."]
        for entry in own:
            if "head" in entry:
                lines += ["", in_cells(entry["head"]), in_cells("---" for _ in entry["head"])]
            if "row" in entry:
                lines.append(in_cells(entry["row"]))
        promises = [f"- {entry['promise']}" for entry in own if "promise" in entry]
        lines += ["", "Promised:", "", *promises] if promises else []
    return "\n".join(lines) + "\n"


def in_cells(texts: Iterable[str]) -> str:
    """A line of a table in Markdown."""
    return f"| {' | '.join(text.replace('|', '&#124;') for text in texts)} |"


def main() -> None:
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    text = page([json.loads(line) for line in lines])
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
