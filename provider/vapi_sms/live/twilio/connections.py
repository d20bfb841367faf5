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

    from vapi_sms.live.calling.deadlines import Wait
    from vapi_sms.live.calling.network import Network

_asking = threading.local()


class TwilioConnections(Session):
    """One thread's session; of the environment it knows what `network` says, and of caches that they keep out."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.trust_env = False
        self.headers["Cache-Control"] = "no-cache"
        self._network = network
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Adapter(network))

    def waits(self, wait: Wait) -> None:
        """Name the socket of the next request, of this thread, to those who look after its deadline."""
        _asking.wait = wait

    def merge_environment_settings(self, url: str, *others: Any) -> dict[str, Any]:  # noqa: ANN401 handed on as they are
        """Give what is said of requests to a host; all of ours are made with the same other settings."""
        del others
        proxy = self._network.proxy(url)
        proxies = {} if proxy is None else {urlsplit(url).scheme: proxy.url}
        return {"proxies": proxies, "stream": False, "verify": True, "cert": None}


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
    def __init__(self, network: Network) -> None:
        self._trusted = network.trusted()
        super().__init__()

    def cert_verify(self, *_: Any) -> None:  # noqa: ANN401 as requests calls it
        """Leave it to whom the pools trust: requests would trust its own file besides, and read it each time."""

    def init_poolmanager(self, *options: Any, **named: Any) -> None:  # noqa: ANN401 handed on as they are
        """Make what makes the pools."""
        super().init_poolmanager(*options, **named, ssl_context=self._trusted)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def proxy_manager_for(self, *options: Any, **named: Any) -> Any:  # noqa: ANN401 handed on as they are
        """Give what makes the pools behind a proxy."""
        named |= {"ssl_context": self._trusted, "proxy_ssl_context": self._trusted}
        manager = super().proxy_manager_for(*options, **named)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        return manager
