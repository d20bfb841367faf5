"""The app that answered texts before Vapi: a real small webhook, which remembers and checks what it gets."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from twilio.request_validator import RequestValidator


@dataclass
class Visit:
    """One request that the app got."""

    method: str
    url: str
    parameters: dict[str, str]
    headers: dict[str, str]

    @property
    def path(self) -> str:
        """Return the path without the query."""
        return urlsplit(self.url).path

    def is_signed_with(self, token: str) -> bool:
        """Ask Twilio's own validator."""
        form = self.parameters if self.method == "POST" else {}
        valid = RequestValidator(token).validate(self.url, form, self.headers.get("X-Twilio-Signature", ""))
        return bool(valid)


@dataclass
class Reply:
    """What the app answers at a path."""

    text: str = "<Response><Message>The old app here</Message></Response>"
    status: int = 200
    kind: str | None = "text/xml"
    headers: dict[str, str] = field(default_factory=dict)
    after: float = 0


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of callers that hang up: some tests do."""


class OldApp:
    """Serves while its `with` lasts; replies are set by path, the usual one serves everywhere else."""

    def __init__(self) -> None:
        self.visits: list[Visit] = []
        self.replies: dict[str, Reply] = {}
        self._server = _Server(("127.0.0.1", 0), _handler_for(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        """Start."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler_for(app: OldApp) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._visit(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._visit(self.rfile.read(int(self.headers["content-length"])).decode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as its base has it
            """Say nothing."""

        def _visit(self, parameters: str) -> None:
            pairs = dict(parse_qsl(parameters, keep_blank_values=True))
            visit = Visit(self.command, f"{app.url}{self.path}", pairs, dict(self.headers))
            app.visits.append(visit)
            reply = app.replies.get(visit.path, Reply())
            time.sleep(reply.after)
            self.send_response(reply.status)
            body = reply.text.encode()
            for name, value in {
                "content-type": reply.kind,
                "content-length": len(body),
                **reply.headers,
            }.items():
                if value is not None:
                    self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(body)

    return Handler
