"""The bare client: sends what was recorded of ours again, with nothing around it. Run as a process of its own.

It is what the requests themselves cost: the libraries that ours uses, as many threads as ours, no SDK, no checks.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import requests
from vapi_sms.sandbox.control.gate import Exchange

from benchmarks.budget import is_list
from benchmarks.programs import ACCOUNT, KEY, TOKEN

_HERE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it was sent, and the id that Vapi gave to what it made."""

    vendor: str
    method: str
    path: str
    query: str
    body: str
    made: str

    @classmethod
    def recorded(cls, exchange: Exchange) -> Sent:
        """Take what is needed to send a request again."""
        is_import = exchange.vendor == "vapi" and exchange.method == "POST"
        made = json.loads(exchange.answer_body)["id"] if is_import else ""
        body = exchange.request_body.decode()
        return cls(exchange.vendor, exchange.method, exchange.path, exchange.query, body, made)


@dataclass(frozen=True, slots=True)
class Took:
    """How long something took, and how long it kept processors busy."""

    seconds: float
    cpu_seconds: float


def replayed(url: str, stages: Sequence[Iterable[Sent]], threads: int) -> list[Took]:
    """Send the requests of whole commands, one command after the other, to a sandbox as new."""
    script = json.dumps([[asdict(sent) for sent in stage] for stage in stages])
    command = [sys.executable, "-m", "benchmarks.replay", url, str(threads)]
    told = subprocess.run(command, input=script, capture_output=True, text=True, check=False, cwd=_HERE)
    if told.returncode:
        raise SystemExit(f"the bare client failed:\n{told.stderr}")
    return [Took(**cost) for cost in json.loads(told.stdout)]


class _Client:
    """One connection to each vendor for each thread; Vapi's new ids in place of the recorded ones."""

    def __init__(self, url: str, made: dict[str, str]) -> None:
        self._url, self._made = url, made
        self._trusted = httpx.create_ssl_context()
        self._local = threading.local()

    def send(self, sent: Sent) -> None:
        """Send a request and read its answer; raises where it is no success."""
        if not hasattr(self._local, "twilio"):
            self._local.twilio = requests.Session()
            self._local.twilio.auth = (ACCOUNT, TOKEN)
            bearer = {"Authorization": f"Bearer {KEY}"}
            self._local.vapi = httpx.Client(base_url=self._url, headers=bearer, verify=self._trusted)
        params = dict(parse_qsl(sent.query))
        if sent.vendor == "twilio":
            form = dict(parse_qsl(sent.body, keep_blank_values=True))
            answer = self._local.twilio.request(
                sent.method, f"{self._url}{sent.path}", params=params, data=form
            )
            answer.raise_for_status()
            answer.json()
            return
        folder, _, name = sent.path.rpartition("/")
        path = f"{folder}/{self._made.get(name, name)}"
        body = json.loads(sent.body) if sent.body else None
        answer = self._local.vapi.request(sent.method, path, params=params, json=body)
        answer.raise_for_status()
        found = answer.json()
        if sent.made:
            self._made[sent.made] = found["id"]


def _replay(url: str, stage: Sequence[Sent], threads: int, made: dict[str, str]) -> Took:
    client = _Client(url, made)
    start, busy = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        for alone, some in groupby(stage, key=lambda sent: is_list(sent.method, sent.path)):
            if alone:
                for sent in some:
                    client.send(sent)
            else:
                list(pool.map(client.send, some))
    return Took(time.perf_counter() - start, time.process_time() - busy)


def main(url: str, threads: str) -> None:
    """Read commands' requests from stdin, write what each cost to stdout."""
    made: dict[str, str] = {}
    stages = [[Sent(**sent) for sent in stage] for stage in json.load(sys.stdin)]
    print(json.dumps([asdict(_replay(url, stage, int(threads), made)) for stage in stages]))  # noqa: T201 its answer


if __name__ == "__main__":
    main(*sys.argv[1:])
