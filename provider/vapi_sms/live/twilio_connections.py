"""The session that the twilio SDK sends through, whose answers have a deadline as a whole."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from requests import Session
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    from urllib3 import HTTPResponse

    from vapi_sms.live.deadlines import Wait

_asking = threading.local()


class TwilioConnections(Session):
    """One thread's session; it looks through the environment, for proxies and certificates, once a host only."""

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[str, dict[str, Any]] = {}
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Adapter())

    def waits(self, wait: Wait) -> None:
        """Name the socket of the next request, of this thread, to those who look after its deadline."""
        _asking.wait = wait

    def merge_environment_settings(self, url: str, *others: Any) -> dict[str, Any]:  # noqa: ANN401 handed on as they are
        """Give what the environment says of requests to a host; all of ours are made with the same other settings."""
        host = urlsplit(url).netloc
        if host not in self._found:
            self._found[host] = super().merge_environment_settings(url, *others)
        return dict(self._found[host])


class _Named(HTTPConnection):
    """A connection that tells whose answer it waits for."""

    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as urllib3 has it
        # Through a proxy that is reached by TLS the socket is one in a wrapper.
        _asking.wait.line = getattr(self.sock, "socket", self.sock)
        return super().getresponse()


class _NamedTls(_Named, HTTPSConnection):
    """The same, encrypted."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Named


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _NamedTls


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *options: Any, **named: Any) -> None:  # noqa: ANN401 handed on as they are
        """Make what makes the pools."""
        super().init_poolmanager(*options, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def proxy_manager_for(self, *options: Any, **named: Any) -> Any:  # noqa: ANN401 handed on as they are
        """Give what makes the pools behind a proxy."""
        manager = super().proxy_manager_for(*options, **named)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        return manager
