"""Who may come in: programs on this machine and the sandbox's own page, and no page of elsewhere.

A page that somebody has open can make his browser send requests here, and by a DNS name that it points at loopback it
could read the answers, too. The browser tells whose page it is, and by which name it came here: both are looked at,
for every path.
"""

from __future__ import annotations

import ipaddress
import json
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vapi_sms.sandbox.texts.handlers import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - what somebody may have bound to, not what we bind to
_OF_NO_OTHER_PAGE = ("same-origin", "none")


@dataclass(frozen=True, slots=True)
class Names:
    """The names by which this machine may be called: those of loopback, and what the sandbox was bound to."""

    known: tuple[str, ...] = LOOPBACK
    any_address: bool = field(default=False)

    @classmethod
    def of(cls, host: str, further: Iterable[str] = ()) -> Names:
        """Return the names of a sandbox that is bound to a host.

        Bound to all interfaces it has every IP address, for no address can be pointed elsewhere, and the machine's
        own name.
        """
        everywhere = host in _EVERYWHERE
        own = socket.gethostname() if everywhere else host
        names = dict.fromkeys(name.lower() for name in (*LOOPBACK, own, *further))
        return cls(tuple(names), any_address=everywhere)

    def have(self, host: str) -> bool:
        """Tell whether a Host header names this machine."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self.known or (self.any_address and _is_address(name))

    def spoken(self) -> str:
        """Return them for people."""
        return ", ".join((*self.known, "any IP address") if self.any_address else self.known)


class Door:
    """An ASGI layer around everything: requests of other pages, and under other names, end here."""

    def __init__(self, app: ASGIApp, names: Names) -> None:
        self._app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or tell why not."""
        why = self._refusal(scope) if scope["type"] == "http" else None
        if why is None:
            await self._app(scope, receive, send)
            return
        body = json.dumps({"error": why}).encode() + b"\n"
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 403, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _refusal(self, scope: Scope) -> str | None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = headers.get(b"host", ""), headers.get(b"origin")
        if not self._names.have(host):
            return f"sandbox: requests are taken for {self._names.spoken()}, not for the host {host!r}"
        if origin is not None and origin != f"{scope['scheme']}://{host}":
            return f"sandbox: no requests of other pages are taken, and this one is of {origin!r}"
        if headers.get(b"sec-fetch-site", "none") not in _OF_NO_OTHER_PAGE:
            return "sandbox: no requests of other pages are taken: type the address to look at it"
        return None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
