"""The app that answered texts before Vapi: a small webhook that believes nobody but Twilio.

Run it with the account's auth token in TWILIO_AUTH_TOKEN: `python old_app.py [PORT]`; port 0 takes a free one.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

PORT = 8788
ANSWERS = {
    "/sms": "Acme front desk. You wrote: {}",
    "/sms-fallback": "Acme front desk. We call you back.",  # what Twilio asks where the first URL fails
}


class OldApp(BaseHTTPRequestHandler):
    """Answers texts with TwiML, and requests that Twilio did not sign with 403."""

    disable_nagle_algorithm = True
    validator = RequestValidator(os.environ.get("TWILIO_AUTH_TOKEN", ""))

    def do_POST(self) -> None:  # the name that http.server calls
        """Answer one text."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = dict(parse_qsl(body, keep_blank_values=True))
        url = f"http://{self.headers['Host']}{self.path}"
        if not self.validator.validate(url, form, self.headers.get("X-Twilio-Signature", "")):
            self.send_error(403, "Twilio did not sign this")
            self.tell("refused: Twilio did not sign it")
        elif answer := ANSWERS.get(urlsplit(self.path).path):
            self.answer(answer.format(form.get("Body", "")))
            self.tell(f"answered {form.get('From')}, who wrote {form.get('Body', '')!r}")
        else:
            self.send_error(404)
            self.tell("nothing is here")

    def answer(self, text: str) -> None:
        """Reply with one text."""
        reply = MessagingResponse()
        reply.message(text)
        payload = str(reply).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def tell(self, what: str) -> None:
        """Tell what became of a request, in a line; a query may hold tokens."""
        print(f"old app: {self.command} {urlsplit(self.path).path}: {what}", flush=True)  # noqa: T201  # for people

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's signature
        """Say nothing more."""


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What people write in texts, no encoding but this one has.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    port = int(sys.argv[1]) if sys.argv[1:] else PORT
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), OldApp)
    except OSError as taken:
        sys.exit(f"old app: port {port} cannot be had: {taken.strerror}; name another one, or end who has it")
    with server, contextlib.suppress(KeyboardInterrupt):
        print(f"old app: http://127.0.0.1:{server.server_port}", flush=True)  # noqa: T201  # tells its address
        server.serve_forever()
