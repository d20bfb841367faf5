"""State that a team shares, as S3 keeps it: moto's server, on loopback, for as long as a test needs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import httpx
from moto.server import ThreadedMotoServer

_BUCKET = "states"
# Moto reads from it who asks, and does not check the signature.
_SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=team/20260101/us-east-1/s3/aws4_request, "
    "SignedHeaders=host, Signature=none"
}
_NAMESPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket and what it takes to use it."""

    server: str

    @property
    def env(self) -> dict[str, str]:
        """Give pulumi the bucket as its backend, with a key so that it looks for none elsewhere."""
        return {
            "PULUMI_BACKEND_URL": f"s3://{_BUCKET}?endpoint={self.server}&s3ForcePathStyle=true&region=us-east-1",
            "AWS_ACCESS_KEY_ID": "team",
            "AWS_SECRET_ACCESS_KEY": "unchecked",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    @property
    def url(self) -> str:
        """Where its objects are."""
        return f"{self.server}/{_BUCKET}"

    def objects(self) -> dict[str, bytes]:
        """Give all that it holds, by key."""
        listed = ET.fromstring(_succeeds(httpx.get(self.url, headers=_SIGNED)))  # noqa: S314 our own server's answer
        keys = [str(found.text) for found in listed.iter(f"{_NAMESPACE}Key")]
        return {key: _succeeds(httpx.get(f"{self.url}/{key}", headers=_SIGNED)) for key in keys}


@contextmanager
def bucket() -> Iterator[Bucket]:
    """Serve an empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        made = Bucket(f"http://{host}:{port}")
        _succeeds(httpx.put(made.url, headers=_SIGNED))
        yield made
        _succeeds(httpx.post(f"{made.server}/moto-api/reset"))  # it outlives its server in this process
    finally:
        server.stop()


def _succeeds(answer: httpx.Response) -> bytes:
    return answer.raise_for_status().content
