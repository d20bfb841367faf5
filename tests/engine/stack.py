"""A stack of the real engine that hands the companies' numbers over: what it ran, and what became of them."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

from tests.engine.project import NAME, STACK, Project, Run
from tests.engine.world import AC, CANARIES, HEADER, ORG, ORG_KEY, SENDER, TOKEN, WEBHOOK, Record
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox


class Stack:
    """A Pulumi stack whose vendors are the sandbox: what it ran, and what became of the numbers."""

    made: type[Project] = Project
    """What its project is made as."""

    def __init__(self, folder: Path, sandbox: RunningSandbox, **env: str) -> None:
        usual = {
            "TWILIO_BASE_URL": sandbox.url,
            "VAPI_BASE_URL": sandbox.url,
            "TWILIO_ACCOUNT_SID": AC,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "VAPI_API_KEY": ORG_KEY,
            "VAPI_SMS_SETTLE_SECONDS": "0.1",
            "VAPI_SMS_PATIENCE_SECONDS": "2",
        }
        self.sandbox = sandbox
        self.project = self.made(folder, "" if self.made is not Project else HEADER, env=usual | env)
        self.runs: list[Run] = []
        self.before = self.snapshot()
        self._seen = 0

    def declare(self, *lines: str) -> None:
        """Write the program: these lines, with what they need imported above."""
        self.project.write(HEADER + "\n".join(lines) + "\n")

    def run(self, *command: str) -> Run:
        """Run a command that succeeds."""
        ran = self._ran(*command)
        assert ran.code == 0, ran.text
        return ran

    def fail(self, *command: str) -> Run:
        """Run a command that fails as expected trouble does: without a traceback."""
        ran = self._ran(*command)
        assert ran.code != 0, ran.text
        assert "Traceback" not in ran.text, ran.text
        assert "a bug in vapi-sms" not in ran.text, ran.text
        return ran

    def preview(self, *args: str) -> str:
        """Show what `up` would do, in detail, and hold that nothing was written."""
        self.writes()
        shown = self.run("preview", "--diff", *args).text
        assert self.writes() == []
        return shown

    def up(self, *args: str) -> Run:
        """Deploy."""
        return self.run("up", "--yes", "--skip-preview", *args)

    def refresh(self, *args: str) -> Run:
        """Bring the state in line with both vendors."""
        return self.run("refresh", "--yes", "--skip-preview", *args)

    def destroy(self, *args: str) -> Run:
        """Delete all that the state knows."""
        return self.run("destroy", "--yes", "--skip-preview", *args)

    def refused(self, command: str = "preview", *args: str) -> str:
        """Run a command that is refused before anything is written; return its errors."""
        self.writes()
        options = () if command == "preview" else ("--yes", "--skip-preview")
        told = errors(self.fail(command, *options, *args))
        assert self.writes() == []
        return told

    def settled(self) -> None:
        """Hold that a preview finds nothing to do."""
        self.run("preview", "--diff", "--expect-no-changes")

    def requests(self) -> list[str]:
        """Return the requests since the last look, as `METHOD /path`, ids and SIDs left out."""
        entries = self.journal()
        return [f"{entry['method']} {_shortened(entry['path'])}" for entry in entries]

    def writes(self) -> list[str]:
        """Return the writes since the last look, as `METHOD /path`, ids and SIDs left out."""
        return [request for request in self.requests() if not request.startswith("GET ")]

    def journal(self) -> list[Record]:
        """Return what was asked of the vendors since the last look."""
        entries = self.sandbox.journal(self._seen)
        self._seen = max([self._seen, *(entry["n"] for entry in entries)])
        return entries

    def snapshot(self) -> Record:
        """Return all that must be equal before and after; what is unset at Vapi may be missing or empty."""
        found: Record = normal(self.sandbox.routing_snapshot())
        vapi = found["vapi"].items()
        return found | {"vapi": {id_: {k: v for k, v in r.items() if v != ""} for id_, r in vapi}}

    def number(self, number: str) -> Record:
        """Return what Twilio holds on a number."""
        found: Record = normal(self.sandbox.number(number))
        return found

    def vapi(self, number: str = WEBHOOK) -> Record:
        """Return the only record that Vapi holds of a number."""
        (record,) = [r for r in self.sandbox.vapi_numbers() if r["number"] == number]
        return record

    def edit_vapi(self, do: str, **edit: Any) -> Record:
        """Change something in the Vapi org as somebody else."""
        return self.sandbox.outside_vapi(do, **{"org": ORG, **edit})

    def answers(self, number: str = WEBHOOK, sender: str = SENDER, **text: Any) -> str:
        """Send a text and return who answers it."""
        return str(self.sandbox.text(sender, number, "hello", **text)["answered_by"])

    def urn(self, name: str = "support", kind: str = "VapiSmsNumber") -> str:
        """Return the URN of a resource."""
        return f"urn:pulumi:{STACK}::{NAME}::pulumi-python:dynamic/vapi:{kind}::{name}"

    def sibling(self, name: str = "support") -> str:
        """Return the URN of the resource that holds a number's original."""
        return self.urn(f"{name}-original", "OriginalRoutings")

    @property
    def env(self) -> dict[str, str]:
        """What program and provider see."""
        return self.project.env

    @contextlib.contextmanager
    def with_env(self, **changes: str | None) -> Iterator[None]:
        """Run commands in another environment; None takes a variable away."""
        usual = dict(self.env)
        self.env.update({name: value for name, value in changes.items() if value is not None})
        for name in [name for name, value in changes.items() if value is None]:
            del self.env[name]
        yield
        self.env.clear()
        self.env.update(usual)

    def resources(self) -> dict[str, Record]:
        """Return the state of each resource of ours, by name."""
        found = self.project.stack_export()["deployment"].get("resources", [])
        return {r["urn"].split("::")[-1]: r for r in found if "dynamic/vapi:" in r["urn"]}

    def leaked(self, *more: str) -> list[str]:
        """Return the secrets that stand in clear in any output, in any file of the project, or in the journal.

        `more` are secrets beside this world's. The program itself may hold what it declares.
        """
        written = (path for path in self.project.folder.rglob("*") if path.is_file())
        files = [path for path in written if path.suffix not in {".py", ".pyc"}]
        texts = [path.read_bytes() for path in files] + [run.text.encode() for run in self.runs]
        texts.append(str(self.sandbox.journal()).encode())
        return [secret for secret in (*CANARIES, *more) if any(secret.encode() in text for text in texts)]

    def wait_for_held(self) -> None:
        """Wait until a request is held at the vendors."""
        until(self.sandbox.held)

    def wait(self, seconds: float) -> None:
        """Let late writes land."""
        time.sleep(seconds)

    def _ran(self, *command: str) -> Run:
        ran = self.project.run(*command)
        self.runs.append(ran)
        return ran


WITHOUT_CREDENTIALS = dict.fromkeys(("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "VAPI_API_KEY"))


def normal(value: Any) -> Any:
    """Give JSON in which null and "" are one value; Twilio takes no null back, and a null method acts as POST."""
    match value:
        case dict():
            unset = {key: "POST" if str(key).endswith("_method") else "" for key in value}
            return {
                key: unset[key] if inner is None or inner == "" else normal(inner)
                for key, inner in value.items()
            }
        case list():
            return [normal(inner) for inner in value]
        case _:
            return value


# What the engine says of any failure, after the reason.
_NO_REASONS = (
    "error: update failed",
    "error: an unhandled error occurred: program exited with non-zero exit code: 1",
)


def errors(run: Run) -> str:
    """Give the errors that the engine lists at the end, one a line."""
    _, _, diagnostics = run.text.partition("Diagnostics:")
    lines = [line.strip() for line in (diagnostics or run.text).splitlines()]
    return "\n".join(line for line in lines if line.startswith("error:") and not line.startswith(_NO_REASONS))


def releases(journal: list[Record]) -> list[Record]:
    """Give the requests that give a number away, buy one, or move one to another account (law 7)."""
    return [
        entry
        for entry in journal
        if entry["forbidden"]
        or (entry["method"] == "DELETE" and "IncomingPhoneNumbers" in entry["path"])
        or (entry["method"] == "POST" and entry["path"].endswith("IncomingPhoneNumbers.json"))
        or (entry["vendor"] == "twilio" and entry["method"] == "POST" and "AccountSid" in entry["parameters"])
    ]


def _shortened(path: str) -> str:
    start, _, rest = path.partition("/IncomingPhoneNumbers/")
    if rest:
        return "/IncomingPhoneNumbers/PN"
    if start.endswith("/IncomingPhoneNumbers.json"):
        return "/IncomingPhoneNumbers"
    if path.startswith("/phone-number/"):
        return "/phone-number/ID"
    return path
