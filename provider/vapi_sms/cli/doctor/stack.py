"""A Pulumi stack, read with the engine: which numbers its state declares, and who it says answers them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.core.numbers import is_short_code
from vapi_sms.core.readings import Declared
from vapi_sms.resources.inputs.words import kind_in

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

Props = Mapping[str, Any]


class Stack:
    """One stack of the project in a folder."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self._folder = name, folder

    def config(self) -> dict[str, str]:
        """Give the stack's configuration, secrets in clear: it is what the provider would be given."""
        found = self._asked("config", "--json", "--show-secrets")
        return {key: entry["value"] for key, entry in found.items() if isinstance(entry.get("value"), str)}

    def set_secret(self, key: str, value: str) -> None:
        """Put a value into the stack's encrypted configuration."""
        self._run("config", "set", "--secret", key, given=value)

    def declared(self, account_sid: str) -> tuple[dict[str, Declared], tuple[str, ...]]:
        """Give what the state says of each number of an account, by E.164 form or SID, and what it leaves out."""
        return declared_in(self._asked("stack", "export").get("deployment") or {}, account_sid)

    def export(self) -> Props:
        """Give all that `pulumi stack export` prints, secrets in clear."""
        return self._asked("stack", "export", "--show-secrets")

    def _asked(self, *command: str) -> Props:
        found: Props = json.loads(self._run(*command))
        return found

    def _run(self, *command: str, given: str | None = None) -> str:
        """Run the engine; a person's own one, with whatever backend and passphrase it is set up for."""
        if shutil.which("pulumi") is None:
            raise NothingToTell("there is no `pulumi` on PATH: install Pulumi, or leave out --stack")
        if not os.path.isdir(self._folder):  # noqa: PTH112 pathlib raises where it may not look
            raise NothingToTell(f"there is no folder {self._folder}: write --cwd with the stack's project")
        ran = subprocess.run(  # noqa: S603 the name of a stack, as typed
            ["pulumi", *command, "--stack", self.name, "--non-interactive"],  # noqa: S607 found on PATH, as people do
            cwd=self._folder,
            input=given or "",
            capture_output=True,
            # Pulumi's own, whatever this machine writes.
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if ran.returncode:
            said = " ".join(_ANSI.sub("", ran.stderr).split()).removeprefix("error: ")
            raise NothingToTell(f"`pulumi {' '.join(command)}` of stack {self.name} failed: {said}")
        return ran.stdout


SHORT_CODES = "short code"
"""What is left out since doctor knows only numbers; whatever else is left out nobody has looked at."""


def declared_in(deployment: Props, account_sid: str) -> tuple[dict[str, Declared], tuple[str, ...]]:
    """Read a state: what it says of each number of an account, and what is left out."""
    found: dict[str, Declared] = {}
    left_out: Counter[str] = Counter()
    for resource in deployment.get("resources", ()):
        kind = kind_in(resource["type"])
        if not kind or resource.get("delete"):
            continue
        outputs, name = resource.get("outputs") or {}, resource["urn"].rpartition("::")[2]
        account = outputs.get("accountSid")
        for key, said in _numbers(kind, name, outputs):
            if not isinstance(key, str):
                left_out[f"number of {name} is a secret of the stack: name it"] += 1
            elif is_short_code(key):
                left_out[f"{SHORT_CODES} {key}: numbers only are examined"] += 1
            elif account != account_sid:
                left_out[f"in Twilio account {account}, which these credentials are not for"] += 1
            else:
                found[key] = said
    return found, tuple(f"{count} left out: {why}" for why, count in left_out.items())


def _numbers(kind: str, name: str, outputs: Props) -> Iterator[tuple[Any, Declared]]:
    """Give each number that a resource declares, as far as the state knows it."""
    if kind == "VapiSmsFleet":
        texts_urls = outputs.get("textsUrls") or {}
        for key, entry in (outputs.get("numbers") or {}).items():
            yield key, _said(name, entry, texts_url=texts_urls.get(key))
    elif kind in ("VapiSmsNumber", "TwilioSmsRoute") and outputs.get("number"):
        is_route, texts_url = kind == "TwilioSmsRoute", outputs.get("textsUrl")
        yield outputs["number"], _said(name, outputs, texts_url=texts_url, is_route=is_route)


def _said(name: str, entry: Props, *, texts_url: object, is_route: bool = False) -> Declared:
    routing = entry.get("routing")
    return Declared(
        resource=name,
        answered_by=str(entry.get("answeredBy", ""))
        .partition(", instead of ")[0]
        .removesuffix(", as before"),
        is_route=is_route,
        by_vapi=not is_route and bool(entry.get("smsEnabled", True)),
        assistant_id=entry.get("assistantId") or "",
        squad_id=entry.get("squadId") or "",
        texts=str(routing.get("texts", "")) if isinstance(routing, Mapping) else "",
        texts_url=texts_url if isinstance(texts_url, str) else "",
    )
