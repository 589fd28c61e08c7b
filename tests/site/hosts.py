"""The two hosts that a learner's browser talks to: the project's pages, and Pyodide's CDN.

Both are on this machine. The pages are the built site, served as a plain web host does. The CDN's
stand-in has the CDN's own name in the browser, so that the site is tested as it is published.
"""

from __future__ import annotations

import gzip
import ssl
import subprocess
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import unquote, urlsplit

KINDS = {".mjs": "text/javascript", ".wasm": "application/wasm", ".whl": "application/zip"}
ICON = "/favicon.ico"  # browsers ask for it at the host's root, which is not the project's
PACKED = {".css", ".html", ".ipynb", ".js", ".json", ".mjs", ".svg", ".wasm"}  # sent as gzip


class Host:
    """A folder under an address, and what was asked of it.

    Parameters
    ----------
    folder : what there is.
    prefix : the path before it.
    fresh_for : seconds for which a browser need not ask again.
    """

    def __init__(self, folder: Path, prefix: str, fresh_for: int) -> None:
        self.folder, self.prefix, self.fresh_for = folder, prefix, fresh_for
        self.sent: list[tuple[str, int]] = []  # path and bytes
        self.missing: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port = int(self.server.server_address[1])

    @contextmanager
    def up(self, certificate: Certificate | None = None) -> Iterator[Host]:
        """Answer, over TLS where there is a certificate."""
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.public, certificate.key)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        try:
            yield self
        finally:
            self.server.shutdown()
            self.server.server_close()

    def file(self, path: str) -> Path | None:
        """The file at an address; None when there is none."""
        file = self.folder / path.removeprefix(self.prefix)
        if file.is_dir():
            file /= "index.html"
        here = path.startswith(self.prefix) and file.resolve().is_relative_to(self.folder.resolve())
        return file if here and file.is_file() else None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                path = unquote(parts.path)
                file = host.file(path)
                if path == ICON:
                    self.answer(HTTPStatus.NO_CONTENT)
                    return
                if file is not None and file.name not in path and not path.endswith("/"):
                    there = parts._replace(path=parts.path + "/").geturl()
                    self.answer(HTTPStatus.MOVED_PERMANENTLY, {"Location": there})
                    return
                if file is None:
                    host.missing.append(path)
                    self.answer(HTTPStatus.NOT_FOUND)
                    return
                tag = f'"{file.stat().st_mtime_ns:x}"'
                headers = {"ETag": tag, "Cache-Control": f"max-age={host.fresh_for}"}
                if self.headers.get("If-None-Match") == tag:
                    self.answer(HTTPStatus.NOT_MODIFIED, headers)
                    return
                kind = KINDS.get(file.suffix) or guess_type(file.name)[0]
                headers["Content-Type"] = kind or "application/octet-stream"
                if file.suffix in PACKED:
                    headers["Content-Encoding"] = "gzip"
                content = body(file)
                self.answer(HTTPStatus.OK, headers, content)
                host.sent.append((path, len(content)))

            def answer(
                self, status: HTTPStatus, headers: dict[str, str] | None = None, body: bytes = b""
            ) -> None:
                self.send_response(status)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Content-Length", str(len(body)))
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing: a test shows what went wrong."""

        return Handler


@cache
def body(file: Path) -> bytes:
    """What is sent of a file."""
    content = file.read_bytes()
    return gzip.compress(content, 6) if file.suffix in PACKED else content


@dataclass(frozen=True)
class Certificate:
    """A key of our own for TLS, and the sum by which the browser is told to trust it."""

    key: Path
    public: Path
    trusted: str

    @classmethod
    def fresh(cls, folder: Path) -> Certificate:
        """Make one in a folder, good for two days."""
        key, public = folder / "key.pem", folder / "certificate.pem"
        openssl(
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=kernelfit",
            "-keyout",
            str(key),
            "-out",
            str(public),
        )
        numbers = openssl("pkey", "-in", str(key), "-pubout", "-outform", "der")
        return cls(key, public, b64encode(sha256(numbers).digest()).decode())


def openssl(*arguments: str) -> bytes:
    """What openssl writes."""
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout
