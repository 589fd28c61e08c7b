"""A lesson of the browser edition in a real browser, and all that goes wrong in it.

What the tests of JupyterLab look at in a page (tests/browser) is looked at here, too. But there is
no server to start Python: it runs in the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from hosts import Certificate, Host
from lab import FLAGS, LISTEN, MINUTE, RUN_ALL, SIZE, WIDGET, Notebook
from playwright.sync_api import BrowserContext, sync_playwright

FOREVER, TEN_MINUTES = 365 * 24 * 3600, 600  # seconds: a CDN's files keep, and pages change
READY = "() => window.jupyterapp?.shell.currentWidget?.context?.isReady"
KERNEL = "() => window.jupyterapp.shell.currentWidget.context.sessionContext.session?.kernel"
PROGRESS = re.compile(r"kernel: stderr: (\r.*)?")
ASK = """async (code) => {
    const { kernel } = window.kfContext.sessionContext.session;
    const answer = kernel.requestExecute({ code });
    let text = "";
    answer.onIOPub = ({ header, content }) => {
        if (header.msg_type === "execute_result") text = content.data["text/plain"];
    };
    await answer.done;
    return text;
}"""


class Site:
    """The published site, as a browser that knows no other host sees it."""

    def __init__(self, pages: Host, cdn: Host, cdn_name: str, certificate: Certificate) -> None:
        self.pages, self.cdn = pages, cdn
        self.cdn_name, self.certificate = cdn_name, certificate
        self.url = f"http://127.0.0.1:{pages.port}{pages.prefix}"

    def calls_out(self) -> list[str]:
        """What was asked for and is not there, since the last question."""
        missing = [path for host in (self.pages, self.cdn) for path in host.missing]
        self.pages.missing, self.cdn.missing = [], []
        return missing

    def sent(self) -> int:
        """How many bytes both hosts have sent since the last question."""
        total = sum(size for host in (self.pages, self.cdn) for _, size in host.sent)
        self.pages.sent, self.cdn.sent = [], []
        return total

    def end_kernels(self) -> None:
        """A kernel ends with its page."""


@contextmanager
def serve(folder: Path, pyodide: Path, work: Path) -> Iterator[Site]:
    """The built site, and Pyodide at the address that the site's own settings name."""
    settings = json.loads((folder / "jupyter-lite.json").read_text(encoding="utf-8"))
    plugins = settings["jupyter-config-data"]["litePluginSettings"]
    address = urlsplit(plugins["@jupyterlite/pyodide-kernel-extension:kernel"]["pyodideUrl"])
    pages = Host(folder, "/kernelfit/", TEN_MINUTES)
    cdn = Host(pyodide, address.path.removesuffix("pyodide.mjs"), FOREVER)
    certificate = Certificate.fresh(work)
    with pages.up(), cdn.up(certificate):
        yield Site(pages, cdn, str(address.hostname), certificate)


@contextmanager
def browser(path: str, site: Site, profile: Path) -> Iterator[BrowserContext]:
    """A Chromium that knows these two hosts alone, with a cache on disk as a learner's has."""
    rules = next(flag for flag in FLAGS if flag.startswith("--host-resolver-rules="))
    only, others = rules.split("=", 1)
    flags = [flag for flag in FLAGS if flag != rules]
    flags += [
        f"{only}=MAP {site.cdn_name} 127.0.0.1:{site.cdn.port}, {others}",
        f"--ignore-certificate-errors-spki-list={site.certificate.trusted}",
    ]
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=path, args=flags, viewport=SIZE
        )
        try:
            yield context
        finally:
            context.close()


class Lesson(Notebook):
    """A lesson open in a page."""

    lab: Site

    def open(self) -> None:
        """Show the lesson and wait until there is a kernel that cells can be sent to."""
        self.page.goto(f"{self.lab.url}notebooks/index.html?path={quote(self.name)}")
        self.listen()

    def listen(self) -> None:
        """Hear from now on what the kernel says."""
        self.page.wait_for_function(READY)
        self.page.wait_for_function(KERNEL)
        self.page.evaluate(LISTEN)

    def start(self) -> None:
        """Run every cell, without waiting."""
        self.page.evaluate(RUN_ALL)

    def ask(self, code: str) -> str:
        """What a line of Python gives, as soon as Python is there."""
        return str(self.page.evaluate(ASK, code))

    def first_picture(self) -> None:
        """Wait until a view shows a picture."""
        self.page.wait_for_function(
            "() => document.querySelector('.kf-stage img')?.naturalWidth > 0",
            timeout=1000 * 5 * MINUTE,  # on a busy machine Python takes long to start
        )

    def finish(self) -> None:
        """Wait for the last cell and for every view."""
        self.page.wait_for_function("() => window.kfDone", timeout=1000 * 5 * MINUTE)
        self.page.wait_for_function(
            """(expected) => {
                const pictures = [...document.querySelectorAll(".kf-stage img")];
                return (
                    pictures.length === expected
                    && pictures.every((picture) => picture.naturalWidth > 0)
                );
            }""",
            arg=sum(WIDGET in output.get("data", {}) for output in self.outputs()),
        )

    def problems(self) -> list[str]:
        """All that went wrong; a progress bar only says that the machine is slow."""
        return [line for line in super().problems() if not PROGRESS.fullmatch(line)]

    def _on_request(self, url: str) -> None:
        if urlsplit(url).hostname != self.lab.cdn_name:
            super()._on_request(url)
