"""A bad day: cells interrupted, or run out of order; and who may reach JupyterLab."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import nbformat
import psutil
import pytest
from jupyter_client.manager import KernelManager, start_new_kernel

import tasks

ROOT = Path(__file__).resolve().parent.parent
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LONG = {
    "a sum": "kf.summarize((big[:, None], big) for _ in range(10**6))",
    "a choice": "kf.choose_kernel(big, big, [kf.Gaussian(w) for w in range(1, 99)], [0.1, 1.0])",
    "proofs": "[decide(parse(f'exp(-abs(x-z)) - exp(-2*abs(x-z))/{i}')) for i in range(2, 99)]",
    "a learner's function": "lesson05.q5.check(endless)",
}
SET_UP = """
import numpy as np
import kernelfit as kf
from kernelfit import views
from kernelfit.exercises import lesson05
from kernelfit.proofs import decide, parse
big = np.linspace(0, 9, 1000)
def endless(X, y):
    while True:
        pass
"""


@pytest.fixture(scope="module")
def kernel() -> Iterator[tuple[KernelManager, Any]]:
    manager, client = start_new_kernel(kernel_name="python3")
    assert ran(client, SET_UP) == "ok"
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def ran(client: Any, code: str) -> str:
    """Run a cell: ok, or the name of its error."""
    reply = client.execute_interactive(code, output_hook=lambda message: None, timeout=120)
    content = reply["content"]
    return "ok" if content["status"] == "ok" else str(content["ename"])


@pytest.mark.slow
@pytest.mark.parametrize("what", LONG)
def test_a_long_cell_can_be_interrupted_and_the_lesson_goes_on(what: str, kernel: Any) -> None:
    manager, client = kernel
    threading.Timer(1.5, manager.interrupt_kernel).start()
    start = time.monotonic()
    assert ran(client, LONG[what]) == "KeyboardInterrupt"
    assert time.monotonic() - start < 30
    assert ran(client, "assert views.bell().readout") == "ok"
    assert ran(client, "assert decide(parse('x*z')).is_kernel") == "ok"
    assert ran(client, "assert lesson05.q5.check(...).status == 'not attempted'") == "ok"


@pytest.mark.slow
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: f"lesson{path.stem[:2]}")
def test_each_cell_alone_after_the_set_up_runs_or_names_what_is_missing(path: Path) -> None:
    """So it is after a restart, and for whoever runs cells out of order."""
    plt.switch_backend("agg")
    set_up, *others = [
        cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"
    ]
    start: dict[str, Any] = {"display": lambda *shown: None}
    exec(set_up.source, start)
    for cell in others:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with contextlib.suppress(NameError):
                exec(compile(cell.source, cell.id, "exec"), dict(start))
        plt.close("all")


@pytest.mark.slow
def test_two_lessons_are_open_at_once_and_one_is_restarted_in_the_middle(tmp_path: Path) -> None:
    """Cell by cell in turn, in one folder; after *Restart Kernel and Run All* all is there."""
    (slow, one), (other, two) = (
        start_new_kernel(kernel_name="python3", cwd=str(tmp_path)) for _ in range(2)
    )
    try:
        first, second = (
            [cell.source for cell in nbformat.read(path, as_version=4).cells if is_code(cell)]
            for path in (LESSONS[5], LESSONS[11])
        )
        middle = len(first) // 2
        outcomes = [
            ran(client, source)
            for pair in zip(first[:middle], second[:middle], strict=True)
            for client, source in zip((one, two), pair, strict=True)
        ]
        slow.restart_kernel(now=True)
        one.wait_for_ready(timeout=60)
        outcomes += [ran(one, source) for source in first]
        outcomes += [ran(two, source) for source in second[middle:]]
    finally:
        for manager, client in ((slow, one), (other, two)):
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    assert set(outcomes) == {"ok"}
    assert list(tmp_path.iterdir()) == []


def is_code(cell: Any) -> bool:
    return bool(cell.cell_type == "code")


@pytest.mark.slow
def test_jupyterlab_as_make_lab_starts_it_listens_on_this_machine_with_a_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(tasks, "prepare", lambda *words, **more: Path(sys.executable))
    monkeypatch.setattr(tasks, "run", lambda *words, **more: 0)
    monkeypatch.setattr(tasks, "turn_off_news", lambda folder: None)
    monkeypatch.setattr(tasks.os, "chdir", lambda folder: None)
    monkeypatch.setattr(tasks.os, "execv", lambda path, command: commands.append(command))
    tasks.lab(["--no-browser"])
    (command,) = commands
    log = tmp_path / "log.txt"
    places = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    with log.open("w") as file:
        server = subprocess.Popen(
            command, cwd=tmp_path, env=os.environ | places, stdout=file, stderr=file
        )
    try:
        url = wait_for(lambda: said_url(log))
        listening = [
            one.laddr.ip
            for one in psutil.Process(server.pid).net_connections("inet")
            if one.status == psutil.CONN_LISTEN
        ]
        assert listening
        assert set(listening) <= {"127.0.0.1", "::1"}
        place, _, token = url.partition("/lab?token=")
        assert len(token) >= 32
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{place}/api/contents")
        assert refused.value.code == 403
        with urllib.request.urlopen(f"{place}/api/contents?token={token}") as answer:
            assert answer.status == 200
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def said_url(log: Path) -> str:
    """The address that JupyterLab prints, with its token."""
    words = log.read_text(encoding="utf-8").split()
    return next(
        (word for word in words if word.startswith("http://127.0.0.1:") and "token=" in word), ""
    )


def wait_for(look: Any) -> Any:
    end = time.monotonic() + 60
    while not (found := look()):
        assert time.monotonic() < end
        time.sleep(0.2)
    return found
