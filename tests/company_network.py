"""A company's network in miniature, on this machine: a CA of its own, TLS in front of the sandbox, an HTTP proxy."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

TWILIO, VAPI = "twilio.example", "vapi.example"
"""Names that nobody resolves but the proxy."""
_READ = 1 << 16


class Authority:
    """A CA that no machine trusts unless told to, with its certificate in `file`."""

    def __init__(self, folder: Path, name: str = "Acme CA") -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        self._certificate = (
            self._builder(self._name, self._key.public_key(), days=1)
            .add_extension(constraints, critical=True)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(self._certificate.public_bytes(Encoding.PEM))

    def server(self, *names: str, days: int = 1) -> ssl.SSLContext:
        """Give what a server of these names encrypts with; with `days` below 0 it has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        certificate = (
            self._builder(subject, key.public_key(), days)
            .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        written = self._folder / f"{names[0]}{days}.pem"
        kept = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        written.write_bytes(certificate.public_bytes(Encoding.PEM) + kept)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(written)
        return context

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, days: int
    ) -> x509.CertificateBuilder:
        ends = datetime.now(UTC) + timedelta(days=days)
        of_issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (
            x509.CertificateBuilder(self._name, subject, key, x509.random_serial_number())
            .not_valid_before(ends - timedelta(days=2))
            .not_valid_after(ends)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(of_issuer, critical=False)
        )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


@dataclass
class Server:
    """Something that listens on this machine, and what it was told: the heads of requests, or of connections."""

    port: int
    heads: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"


@contextlib.contextmanager
def tls_before(port: int, tls: ssl.SSLContext) -> Iterator[Server]:
    """Serve what a plain server on this machine serves, encrypted."""

    def answer(server: Server, taken: socket.socket) -> None:
        with tls.wrap_socket(taken, server_side=True) as line, _connected(port) as behind:
            # Where reading has a limit it waits outside of OpenSSL, which takes one thread at a time.
            line.settimeout(60)
            _relay(line, behind, lambda sent: _as_here(server, sent, port))

    with _listening(answer) as server:
        yield server


def _as_here(server: Server, sent: bytes, port: int) -> bytes:
    """Note a request's head, and let the server behind see the host that it knows."""
    head = sent.partition(b"\r\n\r\n")[0].decode("latin-1")
    if " HTTP/1.1\r\n" not in head:
        return sent
    server.heads.append(head)
    lines = [
        f"Host: 127.0.0.1:{port}" if line.lower().startswith("host:") else line for line in head.split("\r\n")
    ]
    return sent.replace(head.encode("latin-1"), "\r\n".join(lines).encode("latin-1"), 1)


@contextlib.contextmanager
def proxy_to(
    hosts: Mapping[str, int],
    *,
    password: str = "",
    status: str = "",
    tls: ssl.SSLContext | None = None,
    silent: bool = False,
) -> Iterator[Server]:
    """Serve a proxy that connects names to ports of this machine; or refuses, or says nothing at all."""

    def answer(server: Server, taken: socket.socket) -> None:
        with tls.wrap_socket(taken, server_side=True) if tls else taken as line:
            head = line.recv(_READ).decode("latin-1")
            server.heads.append(head)
            host = head.split(" ")[1].rpartition(":")[0]
            if silent:
                line.recv(_READ)
            elif password and f"Basic {base64.b64encode(password.encode()).decode()}" not in head:
                line.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            elif status or host not in hosts:
                line.sendall(f"HTTP/1.1 {status or '502 Bad Gateway'}\r\nContent-Length: 0\r\n\r\n".encode())
            else:
                with _connected(hosts[host]) as behind:
                    line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    _relay(line, behind, lambda sent: sent)

    with _listening(answer) as server:
        yield server


@contextlib.contextmanager
def both_behind_a_proxy(port: int, authority: Authority, *, password: str) -> Iterator[Server]:
    """Serve a proxy that alone knows the way to both vendors, who are at a port here and reached by TLS."""
    with (
        tls_before(port, authority.server(TWILIO, VAPI)) as front,
        proxy_to({TWILIO: front.port, VAPI: front.port}, password=password) as found,
    ):
        yield found


@contextlib.contextmanager
def _listening(answer: Callable[[Server, socket.socket], None]) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server, taken = Server(listening.getsockname()[1]), list[socket.socket]()

        def one(line: socket.socket) -> None:
            # Whoever does not trust us, or has heard enough, hangs up.
            with contextlib.suppress(OSError), line:
                answer(server, line)

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    taken.append(listening.accept()[0])
                    threading.Thread(target=one, args=(taken[-1],), daemon=True).start()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(5)
            for line in taken:
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def _relay(line: socket.socket, behind: socket.socket, passed: Callable[[bytes], bytes]) -> None:
    """Carry what either side says to the other one, until one of them hangs up."""

    def back() -> None:
        with contextlib.suppress(OSError):
            while said := behind.recv(_READ):
                line.sendall(said)
            line.shutdown(socket.SHUT_RDWR)

    thread = threading.Thread(target=back, daemon=True)
    thread.start()
    with contextlib.suppress(OSError):
        while said := line.recv(_READ):
            behind.sendall(passed(said))
        behind.shutdown(socket.SHUT_RDWR)
    thread.join(5)
