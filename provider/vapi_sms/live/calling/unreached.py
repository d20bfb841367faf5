"""Why a host was not reached: what the network, a proxy or a certificate had against it, for both vendors' clients.

Both libraries wrap what went wrong in errors of their own; what counts lies within. Nothing of this gets better by
being tried again, but for a proxy that is not there.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vapi_sms.core.errors import AGAIN
from vapi_sms.live.calling.calls import AttemptError, Outcome, told

if TYPE_CHECKING:
    from vapi_sms.live.calling.network import Network, Proxy

_AGAIN = f"then {AGAIN}"
_REFUSED = re.compile(r"\b([1-5]\d\d) [A-Z][a-z]")  # of a proxy: 407 Proxy Authentication Required
_DEEPEST = 10
# OpenSSL's numbers for what another CA would not change.
_EXPIRED, _NOT_YET, _OTHER_NAME, _OTHER_ADDRESS = 10, 9, 62, 64


def by_the_network(error: Exception, url: str, network: Network) -> AttemptError | None:
    """Give what kept us from a host, where it is the network's doing; None where the host itself had its part."""
    host, proxy = urlsplit(url).netloc, network.proxy(url)
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _untrusted(cause, host, proxy, network)
    if any(isinstance(cause, ssl.SSLError) and cause.reason in _NO_TLS for cause in causes):
        return _no_tls(host, proxy)
    if proxy is None or not any(type(cause).__name__ in _UNCONNECTED for cause in causes):
        return None
    for cause in causes:
        status = _REFUSED.search(str(cause))
        if status is not None and type(cause).__name__ in ("ProxyError", "OSError"):
            return by_a_proxy(proxy, host, int(status[1]))
    return AttemptError(
        Outcome.UNSENT,
        f"no connection to {proxy}",
        advice=f"Check {proxy.variable} and the network, {_AGAIN}",
    )


def by_a_proxy(proxy: Proxy, host: str, status: int) -> AttemptError:
    """Give what a proxy refused."""
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        if proxy.is_given_a_password:
            why, advice = "does not take the user and password that it was given", f"Correct {proxy.variable}"
        else:
            why = "asks for a user and password"
            advice = f"Write them into {proxy.variable}, as http://user:password@{proxy.host}"
        return AttemptError(Outcome.FINAL, f"{proxy} {why} (HTTP 407)", advice=f"{advice}, {_AGAIN}")
    outcome = Outcome.UNSENT if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Outcome.FINAL
    return AttemptError(
        outcome,
        f"{proxy} does not connect to {host} (HTTP {status})",
        advice=f"Have it let this machine through, or put the host into NO_PROXY, {_AGAIN}",
    )


def _untrusted(
    found: ssl.SSLCertVerificationError, host: str, proxy: Proxy | None, network: Network
) -> AttemptError:
    whose = f"{host} or {proxy}" if proxy is not None and proxy.is_reached_by_tls else host
    named = dict(network.ca_files)
    if found.verify_code in (_EXPIRED, _NOT_YET):
        advice = "Check this machine's clock, and who answers at that address"
    elif found.verify_code in (_OTHER_NAME, _OTHER_ADDRESS):
        advice = "Check the address"
    elif named:
        advice = f"Add the CA that signed it to what {' or '.join(named)} names, in PEM form"
    else:
        advice = (
            "If your network signs connections anew, set SSL_CERT_FILE to the file with its CA, in PEM form"
        )
    why = told(found.verify_message, ())
    return AttemptError(
        Outcome.FINAL, f"the certificate of {whose} is not trusted: {why}", advice=f"{advice}, {_AGAIN}"
    )


def _no_tls(host: str, proxy: Proxy | None) -> AttemptError:
    if proxy is not None and proxy.is_reached_by_tls:
        advice = f"Write http:// in {proxy.variable}: what goes through it is encrypted all the same"
        return AttemptError(Outcome.FINAL, f"{proxy} does not speak TLS", advice=f"{advice}, {_AGAIN}")
    return AttemptError(
        Outcome.FINAL, f"{host} does not speak TLS", advice=f"Check the address and the network, {_AGAIN}"
    )


_NO_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")
# Names, since each wire has its own library, and neither imports the other's.
_UNCONNECTED = ("ProxyError", "ConnectError", "ConnectTimeout", "NewConnectionError")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Give an error and all that is wrapped in it, in whatever way either library wraps."""
    left: list[tuple[int, object]] = [(0, error)]
    while left:
        depth, found = left.pop(0)
        if not isinstance(found, BaseException) or depth > _DEEPEST:
            continue
        yield found
        inner = (*found.args, found.__cause__, found.__context__)
        inner += tuple(getattr(found, name, None) for name in ("reason", "original_error"))
        left += [(depth + 1, each) for each in inner if isinstance(each, BaseException) and each is not found]
