"""Does a test notice when one place of the code is changed? ``make mutants``

cosmic-ray knows the changes: another operator, another number, a loop that runs no more, a
condition that is turned round. Places of the core and of the proofs are drawn with a seed that is
printed, and at each place one change. It is tried in a copy of the project by the tests that
run the changed line (in coverage's record of the unit tests), quickest first, until one fails. A
change that outlives them is printed, to be read: either a test is missing, or the change changes
nothing that matters.

    python -m tools.mutants [--sample 300] [--seed N] [--only kernelfit/features.py] [--recorded]

With ``--seed N --skip 100 --recorded`` a sample that was broken off after 100 goes on.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import coverage
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

import tasks

ROOT = Path(__file__).resolve().parent.parent
CODE = ("kernelfit/*.py", "kernelfit/proofs/*.py")
LEFT_OUT = (".git", ".venv*", "build", "my-lessons", "wheelhouse", "__pycache__", ".*_cache")
KILLED = 0.85  # promised
SECONDS = 60.0  # of tests for one change, as recorded; what would take longer is not run
CLOSEST = 3  # test files that are tried one by one before the others
RECORD = ROOT / "build/mutants"
UNKNOWN = "pytest knows none of the tests"
LOADED = "import hypothesis, mpmath, numpy, pytest, scipy.linalg, scipy.spatial, sympy"


@dataclass(frozen=True)
class Change:
    """One place of a file, and how it reads when it is changed."""

    path: str
    line: int
    operator: str
    before: str
    after: str

    @property
    def difference(self) -> str:
        lines = difflib.unified_diff(
            self.before.splitlines(), self.after.splitlines(), n=0, lineterm=""
        )
        return "\n".join(line for line in lines if line[:3] not in ("---", "+++", "@@ "))


# What could be changed -------------------------------------------------------------------------


def places(paths: list[Path]) -> dict[tuple[str, int, int], list[tuple[str, int]]]:
    """For each place of each file the changes that can be made there."""
    found = defaultdict(list)
    for path in paths:
        nodes = list(ast_nodes(get_ast(path.read_text(encoding="utf-8"))))
        for name in operators():
            operator = get_operator(name)()
            spans = (span for node in nodes for span in operator.mutation_positions(node))
            for occurrence, (start, _) in enumerate(spans):
                place = (path.relative_to(ROOT).as_posix(), *start)
                found[place].append((name, occurrence))
    return found


def operators() -> Iterator[str]:
    """Those that need no further word, without those on bits: floats refuse them, too easy."""
    for name in sorted(operator_names()):
        on_bits = name.endswith(("BitAnd", "BitOr", "BitXor", "LShift", "RShift"))
        if not (get_operator(name).arguments() or on_bits or "no_op" in name.lower()):
            yield name


def drawn(seed: int, paths: list[Path]) -> Iterator[Change]:
    """Changes in an order that the seed decides; what changes no behaviour is passed over."""
    chance = random.Random(seed)
    possible = places(paths)
    order = sorted(possible)
    print(f"{len(order)} places, {sum(map(len, possible.values()))} changes", flush=True)
    chance.shuffle(order)
    for path, line, column in order:
        name, occurrence = chance.choice(possible[path, line, column])
        before = (ROOT / path).read_text(encoding="utf-8")
        after = mutate_code(before, get_operator(name)(), occurrence)
        if after and runs(after) not in ("", runs(before)):
            yield Change(path, line, name.split("/")[-1], before, after)


def runs(source: str) -> str:
    """What of it is run: types in annotations are not, and nothing where it is no Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


# Which tests run a line -------------------------------------------------------------------------


class Record:
    """The unit tests as they were run once: who runs which line, and how long each takes."""

    def __init__(self) -> None:
        tool = coverage.Coverage(data_file=str(RECORD / "data"))
        tool.load()
        self.data = tool.get_data()
        self.seconds = {
            f"{case.get('classname').replace('.', '/')}.py::{case.get('name')}": float(
                case.get("time")
            )
            for case in ElementTree.parse(RECORD / "times.xml").iter("testcase")
        }
        self.sizes = Counter(test.split("::")[0] for test in self.seconds)

    @staticmethod
    def make(copy: Path) -> None:
        """Run all unit tests once; a test that fails without a change is of no use."""
        shutil.rmtree(RECORD, ignore_errors=True)
        RECORD.mkdir(parents=True)
        words = [*tasks.UNIT, "-p", "tools.contexts", "-p", "tools.saved", "-q"]
        words.append(f"--junitxml={RECORD / 'times.xml'}")
        command = [sys.executable, "-m", "coverage", "run", f"--data-file={RECORD / 'data'}"]
        subprocess.run([*command, "-m", "pytest", *words], cwd=copy, env=variables(), check=True)
        tool = coverage.Coverage(data_file=str(RECORD / "data"))
        tool.combine()
        tool.save()

    def tests(self, change: Change) -> list[list[str]]:
        """Those that run the line, else any line of its file, quickest first, within the time.

        They come in a few runs, as it takes seconds to load a test file: first those of the three
        files of which the most tests run the line, a run each; then all others.
        """
        (name,) = (one for one in self.data.measured_files() if one.endswith(change.path))
        by_line = self.data.contexts_by_lineno(name)
        here = set(by_line.get(change.line, ())) - {""}  # that is: as the package is loaded
        everywhere = {test for tests in by_line.values() for test in tests}
        of_file: dict[str, list[str]] = defaultdict(list)
        spent = 0.0
        for test in sorted((here or everywhere) & self.seconds.keys(), key=self.seconds.get):
            spent += self.seconds[test]
            if spent > SECONDS and of_file:
                break
            of_file[test.split("::")[0]].append(test)
        files = sorted(of_file, key=lambda file: len(of_file[file]) / self.sizes[file])
        first, others = files[: -CLOSEST - 1 : -1], files[:-CLOSEST]
        runs = [of_file[file] for file in first]
        return [*runs, [test for file in others for test in of_file[file]]] if others else runs


def variables() -> dict[str, str]:
    """What a run of the tests finds around it; no compiled file may outlive a change."""
    return dict(
        os.environ, OPENBLAS_NUM_THREADS="1", PYTHONDONTWRITEBYTECODE="1", PYTHONPYCACHEPREFIX=""
    )


# Trying a change --------------------------------------------------------------------------------

# A child of this process has the large libraries loaded, and begins at once.
NURSERY = f"""
import json, os, sys
{LOADED}
while line := sys.stdin.readline():
    tests = json.loads(line)
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1), os.dup2(null, 2)
        words = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:nbval", "-p", "no:xdist"]
        os._exit(int(pytest.main([*words, *tests])))
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Nursery:
    """A copy of the project, and a process that tries tests in it."""

    def __init__(self, copy: Path) -> None:
        self.copy = copy
        self.process = subprocess.Popen(
            [sys.executable, "-c", NURSERY],
            cwd=copy,
            env=variables(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def outcome(self, change: Change, runs: list[list[str]]) -> str:
        """killed, survived or timeout."""
        file = self.copy / change.path
        file.write_text(change.after, encoding="utf-8")
        try:
            found = "survived"
            for tests in runs:
                found = self.ran(tests)
                if found == UNKNOWN:  # a file that cannot be loaded has no tests; its name will do
                    found = self.ran(sorted({test.split("::")[0] for test in tests}))
                if found != "survived":
                    break
            return found
        finally:
            file.write_text(change.before, encoding="utf-8")

    def ran(self, tests: list[str]) -> str:
        print(json.dumps(tests), file=self.process.stdin, flush=True)
        child = int(self.process.stdout.readline())
        late = []
        end = time.monotonic() + 3 * SECONDS
        with ThreadPoolExecutor(1) as waiting:
            answer = waiting.submit(self.process.stdout.readline)
            while not answer.done():
                time.sleep(0.05)
                if time.monotonic() > end and not late:
                    late.append(os.killpg(child, signal.SIGKILL))
        if late:
            return "timeout"
        code = int(answer.result())
        if code == 4:
            return UNKNOWN
        return "survived" if code == 0 else "killed"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=300, help="how many places (300)")
    parser.add_argument("--skip", type=int, default=0, help="places that were tried before (0)")
    parser.add_argument("--seed", type=int, help="that draws them (by default another each time)")
    parser.add_argument(
        "--recorded", action="store_true", help="take the tests as the last run recorded them"
    )
    parser.add_argument("--only", nargs="+", default=CODE, help="files or patterns of files")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    paths = sorted({path for pattern in options.only for path in ROOT.glob(pattern)})
    print(f"seed {seed}, {len(paths)} files: ", end="", flush=True)
    changes = drawn(seed, paths)
    sample = list(islice(changes, options.skip, options.skip + options.sample))
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder) / name for name in ("first", "second")]
        for copy in copies:
            shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        if not options.recorded:
            Record.make(copies[0])
        record = Record()
        nurseries = [Nursery(copy) for copy in copies]
        for nursery in nurseries:
            same = replace(sample[0], after=sample[0].before)
            if nursery.outcome(same, record.tests(same)) != "survived":
                raise SystemExit("The tests fail where nothing is changed; see `make test`.")
        outcomes = list(tried(sample, record, nurseries))
    return report(outcomes)


def tried(
    sample: list[Change], record: Record, nurseries: list[Nursery]
) -> Iterator[tuple[Change, str]]:
    """Each change with what became of it, two at a time."""
    free = list(nurseries)

    def one(change: Change) -> str:
        runs = record.tests(change)
        if not runs:
            return "survived: no test runs this line"
        nursery = free.pop()
        try:
            return nursery.outcome(change, runs)
        finally:
            free.append(nursery)

    with ThreadPoolExecutor(len(nurseries)) as pool:
        for number, (change, outcome) in enumerate(zip(sample, pool.map(one, sample), strict=True)):
            print(f"{number + 1:>4} {outcome:<9} {change.path}:{change.line} {change.operator}")
            if outcome not in ("killed", "timeout"):
                print(change.difference)
            sys.stdout.flush()
            yield change, outcome


def report(outcomes: list[tuple[Change, str]]) -> int:
    """Print the counts; 0 when enough were killed."""
    counts = Counter(outcome.split(":")[0] for _, outcome in outcomes)
    killed = counts["killed"] + counts["timeout"]
    kept = killed >= KILLED * len(outcomes)
    print(json.dumps(counts))
    print(
        f"{killed} of {len(outcomes)} noticed ({killed / len(outcomes):.1%}), of them "
        f"{counts['timeout']} by taking too long. At least {KILLED:.0%}: "
        f"{'kept' if kept else 'BROKEN'}"
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
