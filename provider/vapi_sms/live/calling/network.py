"""What this machine's environment says of the network: proxies, and whose certificates are trusted.

Read once, for both vendors' clients alike, whose libraries would each read other variables, in another way. A variable
that cannot be used is told by its name; its value may hold a password, and is not shown.
"""

from __future__ import annotations

import functools
import ipaddress
import os
import ssl
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from vapi_sms.core.errors import BadInput

CA_FILES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Each names a file with the CAs that are trusted, or a folder of them; where several are set, all count."""
_CA_FOLDERS = "SSL_CERT_DIR"
_SYSTEM = "the proxy in this machine's settings"
_FORM = "write http://host:port, or http://user:password@host:port with %40 for @, %2F for / and so on in the password"


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy, and the variable that names it."""

    url: str = field(repr=False)
    variable: str

    @property
    def host(self) -> str:
        """Where it is, without user and password."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def is_given_a_password(self) -> bool:
        """A user, at least."""
        return "@" in urlsplit(self.url).netloc

    @property
    def is_reached_by_tls(self) -> bool:
        """The connection to the proxy itself is encrypted."""
        return self.url.lower().startswith("https://")

    def __str__(self) -> str:
        return f"the proxy {self.host} ({self.variable})"


@dataclass(frozen=True, slots=True)
class Network:
    """The way to a host, and whom to trust there."""

    _proxies: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    _directly: tuple[str, ...] = ()
    ca_files: tuple[tuple[str, str], ...] = ()
    """What is trusted in place of the usual CAs: variables and the paths that they name."""
    asks_system: bool = False
    """No variable names a proxy: what Windows and macOS keep in their settings counts."""

    @classmethod
    def of(cls, env: Mapping[str, str], addresses: Iterable[str]) -> Network:
        """Read an environment; raises BadInput where what it says cannot be used for one of these addresses."""
        named = {kind: _variable(env, f"{kind}_proxy") for kind in ("https", "http", "all")}
        proxies = {kind: found for kind, found in named.items() if found[1]}
        directly = tuple(entry for entry in _variable(env, "no_proxy")[1].lower().split(",") if entry.strip())
        network = cls(proxies or _of_the_system(), directly, tuple(_ca_files(env)), asks_system=not proxies)
        for address in addresses:
            network.proxy(address)
        if network.ca_files:
            network.trusted()
        return network

    def proxy(self, url: str) -> Proxy | None:
        """Give the proxy for a URL, or None where its host is reached directly; raises BadInput."""
        parts = urlsplit(url)
        variable, value = self._proxies.get(parts.scheme) or self._proxies.get("all") or ("", "")
        if not value or is_loopback(parts.hostname or "") or self._goes_directly(parts):
            return None
        return Proxy(_parsed(variable, value, parts.hostname or ""), variable)

    def trusted(self) -> ssl.SSLContext:
        """Give whom to trust; raises BadInput where a file cannot be used."""
        with _READING:  # the first lists go side by side, and each would read the same hundred certificates
            return _trusted(self.ca_files)

    def _goes_directly(self, parts: SplitResult) -> bool:
        host, port = (parts.hostname or "").lower(), parts.port or {"http": 80}.get(parts.scheme, 443)
        by_variable = any(_names(entry.strip(), host, port) for entry in self._directly)
        return by_variable or (self.asks_system and _is_left_out_by_the_system(host))


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine: no proxy could reach it, and nobody else reads what is sent there."""
    address = _address(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def _variable(env: Mapping[str, str], name: str) -> tuple[str, str]:
    """Give a variable and its value; written in lower case it wins, as everywhere, also where it is empty."""
    found = name if name in env else name.upper()
    return found, env.get(found, "").strip()


def _parsed(variable: str, value: str, host: str) -> str:
    url = value if "://" in value else f"http://{value}"
    scheme = url.partition("://")[0].lower()
    if scheme.startswith("socks"):
        raise BadInput(
            "network",
            f"{variable} names a SOCKS proxy, which the clients of Twilio and Vapi cannot use: name an HTTP proxy "
            f"(http://host:port), or put {host} into NO_PROXY",
        )
    try:
        parts = urlsplit(url)
        is_usable = scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable or parts.path.strip("/") or parts.query or parts.fragment:
        raise BadInput("network", f"{variable} is not a proxy's address: {_FORM}")
    return url


def _names(entry: str, host: str, port: int) -> bool:
    """Tell whether an entry of NO_PROXY names a host: by name or domain, address or network, with or without a port."""
    if entry == "*":
        return True
    named, wanted = _without_port(entry)
    if wanted and wanted != str(port):
        return False
    address = _address(host)
    if address is not None:
        try:
            return address in ipaddress.ip_network(named.strip("[]"), strict=False)
        except ValueError:
            return False
    name = named.lstrip("*").lstrip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _without_port(entry: str) -> tuple[str, str]:
    head, colon, port = entry.rpartition(":")
    is_port = colon and port.isdecimal() and (":" not in head or head.endswith("]"))
    return (head, port) if is_port else (entry, "")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _ca_files(env: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Give the variables that name whom to trust, with what they name, each file once: often all name the same."""
    found: set[str] = set()
    for variable in CA_FILES:
        path = env.get(variable, "").strip()
        if not path:
            continue
        if not os.path.exists(path):  # noqa: PTH110 the path of a user, as it is
            raise BadInput("network", f"{variable} names {path}, which is not there: correct it, or unset it")
        if path not in found:
            found.add(path)
            yield variable, path
    folders = [path for path in env.get(_CA_FOLDERS, "").split(os.pathsep) if path.strip()]
    there = [path for path in folders if os.path.isdir(path)]  # noqa: PTH112 as above
    if folders and not there and not found:
        raise BadInput(
            "network", f"{_CA_FOLDERS} names {folders[0]}, which is no folder: correct it, or unset it"
        )
    yield from ((_CA_FOLDERS, path) for path in there)


_READING = threading.Lock()


@functools.cache  # costs more than ten requests
def _trusted(ca_files: tuple[tuple[str, str], ...]) -> ssl.SSLContext:
    if not ca_files:
        import certifi  # noqa: PLC0415 where somebody named files of their own, it is not needed

        return ssl.create_default_context(cafile=certifi.where())
    context: ssl.SSLContext | None = None
    for variable, path in ca_files:
        file, folder = (None, path) if os.path.isdir(path) else (path, None)  # noqa: PTH112 as above
        try:
            if context is None:
                context = ssl.create_default_context(cafile=file, capath=folder)
            else:
                context.load_verify_locations(file, folder)
        except ssl.SSLError:
            raise BadInput(
                "network",
                f"{variable} names {path}, which holds no certificate in PEM form: correct it, or unset it",
            ) from None
        except OSError as unreadable:
            raise BadInput(
                "network", f"{variable} names {path}, which cannot be read: {unreadable.strerror}"
            ) from None
    if context is None:
        raise AssertionError("unreachable: there is a file")
    return context


@functools.cache
def _of_the_system() -> Mapping[str, tuple[str, str]]:
    """Give the proxies that Windows and macOS keep in their settings, where no variable names one."""
    if sys.platform not in ("win32", "darwin"):
        return {}
    from urllib.request import getproxies  # noqa: PLC0415 only there

    return {kind: (_SYSTEM, url) for kind, url in getproxies().items()}


def _is_left_out_by_the_system(host: str) -> bool:
    if sys.platform not in ("win32", "darwin"):
        return False
    from urllib.request import proxy_bypass  # noqa: PLC0415 only there

    return bool(proxy_bypass(host))
