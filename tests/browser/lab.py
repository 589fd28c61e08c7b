"""A real JupyterLab in a real browser: start both, run a notebook, note all that goes wrong.

Works with JupyterLab 4 (ipywidgets 8) and with JupyterLab 3.6 (ipywidgets 7.7, Colab's).
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, WebSocket, sync_playwright

import tasks

HERE = Path(__file__).resolve().parent
LESSONS = Path(os.environ.get("KERNELFIT_LESSONS", HERE.parents[1] / "notebooks"))
MINUTE = 60.0
SIZE = {"width": 1280, "height": 900}
NARROW = {"width": 700, "height": 900}
LOCAL = {"127.0.0.1", "localhost", "::1"}
WIDGET = "application/vnd.jupyter.widget-view+json"

FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # it needs rights that a container does not have; every page is our own
    # Nothing may leave the machine, so nothing can: no other name has an address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]

# Python's own side of it, for the server and for every kernel.
OFFLINE = """
import os, socket, sys

LOCAL = {"", "0.0.0.0", "127.0.0.1", "::1", "localhost", socket.gethostname(), None}

def stay_here(event, details):
    if event == "socket.getaddrinfo":
        host = details[0]
    elif event == "socket.connect" and isinstance(details[1], tuple):
        host = details[1][0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host not in LOCAL:
        with open(os.environ["KERNELFIT_CALLS_OUT"], "a") as file:
            file.write(host + "\\n")
        raise OSError("the tests run without a network, but this was called: " + host)

sys.addaudithook(stay_here)
"""

# What JupyterLab does beside showing a notebook: none of it is wanted here.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    "@jupyterlab/extensionmanager-extension:plugin": {"enabled": False},
}
NOT_WANTED = [
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/extensionmanager-extension",
]

# Lines in the browser's console that say nothing about us, each with its reason.
HARMLESS = (
    "about:blank",  # MathJax 2, in JupyterLab 3.6, tries whether an empty font can be loaded
    "/MathJax/fonts/",  # and then looks for fonts that are not shipped with it
)

# Note what the kernel says from now on, and when it is at work.
LISTEN = """() => {
    const { context } = window.jupyterapp.shell.currentWidget;
    window.kfContext = context;
    window.kfErrors = [];
    window.kfBusy = new Set();
    // What was asked before this may be answered late: JupyterLab asks each kernel for widgets at
    // once, and one that has not loaded ipywidgets says that it knows of none.
    const since = new Date();
    // Busy from the moment of sending: while the kernel is at work on something else,
    // it says nothing yet about what waits.
    const { kernel } = context.sessionContext.session;
    kernel.anyMessage.connect((_, { msg, direction }) => {
        if (direction === "send" && msg.header.msg_type === "comm_msg")
            window.kfBusy.add(msg.header.msg_id);
    });
    // A callback's error belongs to no cell and is shown nowhere: it is heard here.
    context.sessionContext.iopubMessage.connect((_, message) => {
        const { header, parent_header, content } = message;
        const { execution_state } = content;
        if (execution_state === "busy") window.kfBusy.add(parent_header.msg_id);
        if (execution_state === "idle") window.kfBusy.delete(parent_header.msg_id);
        if (new Date(parent_header.date) < since) return;
        if (header.msg_type === "error")
            window.kfErrors.push(`${content.ename}: ${content.evalue}`);
        if (header.msg_type === "stream" && content.name === "stderr")
            window.kfErrors.push(`stderr: ${content.text}`);
    });
}"""

RUN_ALL = """() => {
    window.kfDone = false;
    const done = () => (window.kfDone = true);
    const { commands } = window.jupyterapp;
    commands.execute("notebook:run-all-cells").then(done, done);
}"""


# The server -----------------------------------------------------------------------------------


class Lab:
    """A JupyterLab of its own: own port, token, settings and folders, nothing of the user's.

    Parameters
    ----------
    folder : where the notebooks are; the lab writes there.
    work : an empty folder for settings and logs.
    """

    def __init__(self, folder: Path, work: Path) -> None:
        self.folder, self.work = folder, work
        self.token = secrets.token_hex(16)
        self.log_file = work / "jupyterlab.log"
        self.calls_file = work / "calls-out.txt"
        self.url = f"http://127.0.0.1:{free_port()}/"
        self._write_settings()
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", "--no-browser"],
                cwd=folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait_until_up()
        except BaseException:
            self.stop()
            raise

    def _write_settings(self) -> None:
        for name in ("offline", "config/labconfig", "data", "runtime", "ipython", "lab"):
            (self.work / name).mkdir(parents=True)
        server = {
            "ip": "127.0.0.1",
            "port": urlsplit(self.url).port,
            "port_retries": 0,
            "root_dir": str(self.folder),
            "allow_root": True,  # a container has no other user
        }
        lab = {
            "expose_app_in_browser": True,  # window.jupyterapp, which `Notebook` talks to
            "user_settings_dir": str(self.work / "lab/settings"),
            "workspaces_dir": str(self.work / "lab/workspaces"),
        }
        if not version("jupyterlab").startswith("3."):
            lab["extension_manager"] = "readonly"  # the other one looks at PyPI
        for name, content in {
            "config/jupyter_server_config.json": {
                "ServerApp": server,
                "IdentityProvider": {"token": self.token},
            },
            "config/jupyter_lab_config.json": {"LabApp": lab},
            "config/labconfig/default_setting_overrides.json": SETTINGS,
            "config/labconfig/page_config.json": {
                "disabledExtensions": dict.fromkeys(NOT_WANTED, True)
            },
        }.items():
            (self.work / name).write_text(json.dumps(content), encoding="utf-8")
        (self.work / "offline/sitecustomize.py").write_text(OFFLINE, encoding="utf-8")

    def _environment(self) -> dict[str, str]:
        kept = {name: v for name, v in os.environ.items() if not name.startswith("JUPYTER")}
        if kept.pop("PYTHONDONTWRITEBYTECODE", ""):
            # Where compiled files may not lie beside the source, keep them here all the same:
            # every kernel would compile the whole of sympy anew.
            kept["PYTHONPYCACHEPREFIX"] = str(self.work / "compiled")
        return kept | {
            "IPYTHONDIR": str(self.work / "ipython"),
            "JUPYTER_CONFIG_DIR": str(self.work / "config"),
            "JUPYTER_DATA_DIR": str(self.work / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.work / "runtime"),
            "KERNELFIT_CALLS_OUT": str(self.calls_file),
            "PYTHONPATH": os.pathsep.join(
                filter(None, [str(self.work / "offline"), os.environ.get("PYTHONPATH")])
            ),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # no debugger's warning among the outputs
            "TQDM_DISABLE": "1",  # a progress bar appears when the machine is slow: no fault
        }

    def _wait_until_up(self) -> None:
        end = time.monotonic() + MINUTE
        while time.monotonic() < end and self.process.poll() is None:
            with suppress(OSError):
                self.api("GET", "status")
                return
            time.sleep(0.1)
        raise RuntimeError(f"JupyterLab did not start:\n{self.log()}")

    def api(self, method: str, path: str, content: Any = None) -> Any:
        """One call of the server's REST interface."""
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(self.url + "api/" + path, data=body, method=method)
        request.add_header("Authorization", f"token {self.token}")
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=10) as answer:
            return json.loads(answer.read() or "null")

    def log(self, lines: int = 60) -> str:
        """The end of what the server printed."""
        return "\n".join(self.log_file.read_text("utf-8", "replace").splitlines()[-lines:])

    def calls_out(self) -> list[str]:
        """The hosts that the server or a kernel tried to reach since the last question."""
        hosts = self.calls_file.read_text("utf-8").split() if self.calls_file.exists() else []
        self.calls_file.unlink(missing_ok=True)
        return hosts

    def start_kernel(self, name: str) -> None:
        """Start the kernel of a notebook, while the page that will use it is still loading."""
        session = {"path": name, "name": name, "type": "notebook", "kernel": {"name": "python3"}}
        self.api("POST", "sessions", session)

    def end_kernels(self) -> None:
        """Shut down every kernel; a lesson leaves nothing to the next one."""
        for session in self.api("GET", "sessions"):
            self.api("DELETE", "sessions/" + session["id"])

    def stop(self) -> None:
        """Politely, so that it ends its kernels; less politely when it does not listen."""
        with suppress(OSError, ValueError):
            self.api("POST", "shutdown")
        for end in (None, self.process.terminate, self.process.kill):
            if end is not None:
                end()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
                return


def set_up_cell() -> str:
    """The first code of every lesson; in the files for Colab it brings the package with it."""
    book = json.loads((LESSONS / "00_start_here.ipynb").read_text(encoding="utf-8"))
    return next("".join(cell["source"]) for cell in book["cells"] if cell["id"] == "set-up")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


# The browser ----------------------------------------------------------------------------------


def path_of_browser() -> str:
    """Where a browser is; a test that needs one fails without it, or is skipped."""
    path = tasks.find_browser()
    if path is None:
        required = os.environ.get("KERNELFIT_REQUIRE_BROWSER", "0") not in ("", "0")
        (pytest.fail if required else pytest.skip)(tasks.NO_BROWSER)
    return str(path)


@contextmanager
def browser(path: str) -> Iterator[Browser]:
    """The Chromium, Chrome or Edge at the path, without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield chromium
        finally:
            chromium.close()


class Notebook:
    """A notebook open in a page, and all that went wrong in it, as lines of text."""

    def __init__(self, lab: Lab, page: Page, name: str) -> None:
        self.lab, self.page, self.name = lab, page, name
        self._problems: list[str] = []
        self.requests: list[str] = []
        page.set_default_timeout(1000 * MINUTE)
        page.add_init_script(path=HERE / "watch.js")
        page.on("pageerror", lambda error: self._problems.append(f"page error: {error}"))
        page.on("console", self._on_console)
        page.on("request", lambda request: self._on_request(request.url))
        page.on("websocket", self._on_websocket)
        page.on("crash", lambda _: self._problems.append("page error: the page crashed"))

    def _on_console(self, message: ConsoleMessage) -> None:
        line = f"console: {message.text} ({message.location['url']})"
        if message.type == "error" and not any(word in line for word in HARMLESS):
            self._problems.append(line)

    def _on_websocket(self, socket: WebSocket) -> None:
        self._on_request(socket.url)

    def _on_request(self, url: str) -> None:
        self.requests.append(url)
        parts = urlsplit(url)
        if parts.scheme not in ("about", "blob", "data") and parts.hostname not in LOCAL:
            self._problems.append(f"request: {url}")

    def open(self) -> None:
        """Show the notebook and wait until its kernel is ready for the first cell."""
        self.lab.start_kernel(self.name)
        self.page.goto(f"{self.lab.url}lab/tree/{quote(self.name)}?reset&token={self.lab.token}")
        self.page.wait_for_function(
            "() => window.jupyterapp?.shell.currentWidget?.context?.isReady"
        )
        # Nothing earlier will do: the kernel says idle once before it is, and Run All then runs
        # the first cell only.
        self.page.locator("#jp-main-statusbar", has_text="| Idle").wait_for()
        self.page.evaluate(LISTEN)

    def run_all(self) -> None:
        """Run every cell, wait for the last, and for every view to stand in the page."""
        self.page.evaluate(RUN_ALL)
        self.page.wait_for_function("() => window.kfDone", timeout=1000 * 2 * MINUTE)
        self.page.locator("#jp-main-statusbar", has_text="| Idle").wait_for()
        self.page.wait_for_function(
            """(expected) => {
                const shown = [...document.querySelectorAll(".jp-OutputArea-output")];
                const stages = [...document.querySelectorAll(".kf-stage")];
                return (
                    shown.filter((node) => node.querySelector(".jupyter-widgets")).length
                        >= expected
                    && stages.every((stage) => stage.querySelector("img")?.naturalWidth > 0)
                );
            }""",
            arg=sum(WIDGET in output.get("data", {}) for output in self.outputs()),
        )

    def code_cells(self) -> list[dict[str, Any]]:
        """The code cells as the page holds them now."""
        book = self.page.evaluate("() => window.kfContext.model.toJSON()")
        return [cell for cell in book["cells"] if cell["cell_type"] == "code"]

    def outputs(self) -> list[dict[str, Any]]:
        """Every output of every cell."""
        return [output for cell in self.code_cells() for output in cell["outputs"]]

    def problems(self) -> list[str]:
        """All that went wrong so far, once: errors of cells, callbacks and page, calls out."""
        for cell in self.code_cells():
            if cell["execution_count"] is None and "".join(cell["source"]).strip():
                self._problems.append(f"cell {cell.get('id', '?')} did not run")
        # The words of an error come last, and callbacks run beside the cells, in a thread of
        # their own: only when nothing is at work has all been said.
        self.page.wait_for_function("() => window.kfBusy.size === 0")
        for error in self.page.evaluate("() => window.kfErrors.splice(0)"):
            self._problems.append(f"kernel: {error}")
        for host in self.lab.calls_out():
            self._problems.append(f"kernel called: {host}")
        found, self._problems = self._problems, []
        return found

    def dark(self, on: bool = True) -> None:
        """Put on the dark theme, or the light one."""
        theme = "JupyterLab Dark" if on else "JupyterLab Light"
        self.page.evaluate(
            "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })",
            theme,
        )
        self.page.locator(f"body[data-jp-theme-name='{theme}']").wait_for(state="attached")

    def screenshots(self, folder: Path) -> None:
        """Pictures of the page at each view: as it is, narrow, and in the dark theme."""
        for kind, size, dark in (
            ("wide", SIZE, False),
            ("narrow", NARROW, False),
            ("dark", SIZE, True),
        ):
            self.page.set_viewport_size(size)
            self.dark(dark)
            for stage in self.page.locator(".kf-stage").all():
                for _ in range(2):  # what comes into sight on the way takes more room than thought
                    stage.evaluate("stage => stage.scrollIntoView({ block: 'center' })")
                    self.page.wait_for_timeout(300)
                    self.page.wait_for_function("() => window.kfBusy.size === 0")
                name = f"{Path(self.name).stem}-{stage.get_attribute('data-view')}-{kind}.png"
                self.page.screenshot(path=folder / name)
        self.dark(False)

    def close(self) -> None:
        """Leave the page and end its kernel."""
        self.page.close()
        self.lab.end_kernels()
