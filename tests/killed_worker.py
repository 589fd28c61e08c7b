"""A worker process of a Dask cluster is killed while summaries lie in its memory alone.

One block waits for a file, so that the merge, which needs all of them, cannot begin. Once the other
blocks are summarised, the process that holds most of these summaries gets SIGKILL. Each block notes
in a file which process made it: that tells what was lost, and that it was made again.
"""

from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import kernelfit as kf

BLOCKS, ROWS, COLUMNS = 7, 500, 6
PATIENCE = 120  # seconds; nothing here takes more than a few, on a machine that is not overloaded


@dataclass(frozen=True)
class Killed:
    """What happened: blocks by number, process ids, and the two summaries to compare."""

    killed: int
    lost: list[int]  # blocks whose summaries were in the killed process when it was killed
    made_by: dict[int, list[int]]  # for each block the processes that made it
    held: int  # summaries that the scheduler knew to be in the memory of that process alone
    merged_before: bool  # whether the result was there already
    result: kf.LeastSquaresSummary
    serial: kf.LeastSquaresSummary


def rows_of(number: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(number)
    X = rng.normal(size=(ROWS, COLUMNS)) + number
    return X, X @ np.arange(1.0, COLUMNS + 1) + rng.normal(size=ROWS)


def block(number: int, folder: str) -> tuple[np.ndarray, np.ndarray]:
    """The rows of a block; the last one comes when there is a file called ``go``."""
    if number == BLOCKS - 1:
        wait_for(lambda: (Path(folder) / "go").exists(), "the file that lets the last block go")
    (Path(folder) / f"{number} in {os.getpid()}").touch()
    return rows_of(number)


def makers(folder: Path) -> dict[int, list[int]]:
    """For each block the processes that made it, by the files that it left."""
    found: dict[int, list[int]] = {number: [] for number in range(BLOCKS)}
    for path in folder.glob("* in *"):
        number, process = path.name.split(" in ")
        found[int(number)].append(int(process))
    return found


def wait_for(condition, what: str):
    """Ask again and again, and give up loudly."""
    until = time.monotonic() + PATIENCE
    while not (answer := condition()):
        if time.monotonic() > until:
            raise TimeoutError(f"waited {PATIENCE} s for {what}")
        time.sleep(0.02)
    return answer


def is_running(process: int) -> bool:
    """Whether it is there and no zombie, which is what a killed child is until it is waited for."""
    import psutil  # distributed brings it

    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill_a_worker(folder: Path) -> Killed:
    """Summarise on two worker processes and kill one of them; ``folder`` is empty."""
    import dask.bag
    from distributed import Client, LocalCluster

    serial = kf.summarize([rows_of(number) for number in range(BLOCKS)])
    bag = dask.bag.from_sequence(range(BLOCKS), npartitions=BLOCKS).map(block, str(folder))
    found: list[kf.LeastSquaresSummary | Exception] = []

    def summarized() -> None:
        try:
            found.append(kf.summarize_dask(bag))
        except Exception as problem:
            found.append(problem)

    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=2,  # the block that waits must not hold up those behind it
            processes=True,
            dashboard_address=":0",
            local_directory=str(folder),
            silence_logs=60,
        ) as cluster,
        Client(cluster) as client,
    ):
        processes = client.run(os.getpid)
        thread = threading.Thread(target=summarized, daemon=True)
        thread.start()
        try:
            held = wait_for(lambda: holders(client), "the summaries of all blocks but the last")
            address = max(held, key=lambda a: len(held[a]))
            killed, merged_before = processes[address], bool(found)
            lost = [number for number, made in makers(folder).items() if made == [killed]]
            os.kill(killed, signal.SIGKILL)
            wait_for(lambda: not is_running(killed), "the end of the killed process")
            wait_for(lambda: address not in client.nthreads(), "the scheduler to notice")
        finally:
            (folder / "go").touch()
        thread.join(PATIENCE)
        processes |= client.run(os.getpid)
    wait_for(lambda: not any(map(is_running, processes.values())), "the end of the workers")
    if not found:
        raise TimeoutError(f"waited {PATIENCE} s for the result")
    if isinstance(found[0], Exception):
        raise found[0]
    return Killed(
        killed=killed,
        lost=lost,
        made_by=makers(folder),
        held=len(held[address]),
        merged_before=merged_before,
        result=found[0],
        serial=serial,
    )


def killed_worker() -> tuple[list[int], kf.LeastSquaresSummary, kf.LeastSquaresSummary]:
    """The blocks that were lost and made again, the result of the cluster, and the serial one."""
    with tempfile.TemporaryDirectory() as folder:
        what = kill_a_worker(Path(folder))
    check(what)
    return what.lost, what.result, what.serial


def check(what: Killed) -> None:
    """That the arrangement was what it is meant to be."""
    assert what.lost, "summaries of some blocks were in the killed process"
    assert len(what.lost) == what.held, "the scheduler knew of them, and of no copy elsewhere"
    assert not what.merged_before, "the result was not there yet"
    for number in what.lost:
        others = set(what.made_by[number]) - {what.killed}
        assert others, f"block {number} was made again by another process"


def holders(client) -> dict[str, list[str]]:
    """Which worker holds which summaries of blocks, once all are there but one; else nothing."""
    held: dict[str, list[str]] = {}
    for key, addresses in client.who_has().items():
        if str(key).startswith("_partition-") and len(addresses) == 1:
            held.setdefault(addresses[0], []).append(str(key))
    return held if sum(map(len, held.values())) == BLOCKS - 1 else {}
