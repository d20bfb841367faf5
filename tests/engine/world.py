"""The two companies that the engine's tests live in, and a stack that hands their numbers over."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

from tests.engine.project import NAME, STACK, Project, Run, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

AC, OTHER_AC, SUB_AC = "AC" + "a" * 32, "AC" + "c" * 32, "AC" + "d" * 32
TOKEN, OTHER_TOKEN, SUB_TOKEN = "canary-twilio-token", "canary-other-token", "canary-subaccount"
KEY, KEY_SECRET = "SK" + "a" * 32, "canary-key-secret"
ORG, OTHER_ORG = "0a000000-0000-4000-8000-000000000001", "0a000000-0000-4000-8000-000000000002"
ORG_KEY, OTHER_ORG_KEY = "canary-vapi-key", "canary-other-vapi-key"
CANARIES = (
    TOKEN,
    OTHER_TOKEN,
    SUB_TOKEN,
    KEY_SECRET,
    ORG_KEY,
    OTHER_ORG_KEY,
    "canary-query",
    "canary-password",
)

SUPPORT, SALES = "a5000000-0000-4000-8000-000000000001", "a5000000-0000-4000-8000-000000000002"
TWIN, OTHER_TWIN = "a5000000-0000-4000-8000-000000000003", "a5000000-0000-4000-8000-000000000004"
SQUAD = "5a000000-0000-4000-8000-000000000001"
APP, TRUNK_SID, MG, DEFERRING = "AP" + "a" * 32, "TK" + "a" * 32, "MG" + "a" * 32, "MG" + "b" * 32
ADDRESS, IDENTITY, BUNDLE = "AD" + "a" * 32, "RI" + "a" * 32, "BU" + "a" * 32

WEBHOOK, STUDIO, BIN, FUNCTION, PROXY, DEMO, APPLICATION, TRUNK, SILENT, HOSTED = (
    f"+1415555010{n}" for n in range(10)
)
REGULATED, DEFERRED, HIDDEN, VOICE_ONLY, LEGACY, SPARE = (f"+1415555011{n}" for n in range(6))
CANADIAN, IN_OTHER_ACCOUNT = "+14165550100", "+14155550130"
SPARES = tuple(f"+1415555{n:04}" for n in range(150, 210))
"""Numbers of the old app, one like the other, for tests that need many."""
ROUTED = (
    WEBHOOK,
    STUDIO,
    BIN,
    FUNCTION,
    PROXY,
    DEMO,
    APPLICATION,
    TRUNK,
    SILENT,
    HOSTED,
    REGULATED,
    DEFERRED,
    LEGACY,
)
"""A number with every kind of original."""

SENDER = "+12125550123"
VAPI_SMS = "https://api.vapi.ai/twilio/sms"
VAPI_VOICE = "https://api.vapi.ai/twilio/inbound_call"
VAPI_STATUS = "https://api.vapi.ai/twilio/status"
OLD_SMS = "https://app:canary-password@old.example.com/sms?token=canary-query#rc=3&rp=ct,rt,5xx"
OLD_APP = "Webhook https://old.example.com/sms"
STUDIO_URL = f"https://webhooks.twilio.com/v1/Accounts/{AC}/Flows/FW{'b' * 32}"
STUDIO_FLOW = f"Studio Flow FW{'b' * 32}"
KINDS = {
    BIN: ("TwiML Bin", f"TwiML Bin EH{'a' * 32}"),
    STUDIO: ("Studio Flow", STUDIO_FLOW),
    FUNCTION: ("Function", "Function orders-1234-dev.twil.io/reply"),
    WEBHOOK: ("Webhook", OLD_APP),
    PROXY: ("Proxy", f"Proxy KS{'a' * 32}"),
    APPLICATION: ("TwiML App", f"TwiML App {APP} (Webhook https://old.example.com/application)"),
    DEMO: ("the default reply of new numbers", "Twilio's demo"),
    SILENT: ("nothing", "nobody"),
}
"""A number for every kind of handler in Twilio's table: what the Console calls it, and who answers a text."""
SHORT_CODE = "894546"
FOREIGN = "https://new.example.com/sms?key=canary-query"

HEADER = f"""\
import pulumi
from pulumi import Alias, Output, ResourceOptions
from vapi_sms import LEAVE_AT_VAPI, Handler, Routing, TwilioSmsRoute, VapiSmsNumber
WEBHOOK, STUDIO, SPARE = {WEBHOOK!r}, {STUDIO!r}, {SPARE!r}
FLOW = Handler.studio_flow("FW" + "b" * 32, account_sid={AC!r})
"""
SUPPORT_ON_WEBHOOK = 'VapiSmsNumber("support", number=WEBHOOK, assistant="Support")'

Record = dict[str, Any]


def seed() -> Record:
    """Return what both vendors hold at first."""
    services = [
        {"sid": MG, "friendly_name": "Campaigns", "inbound_request_url": OLD_SMS, "numbers": [HIDDEN]},
        {"sid": DEFERRING, "use_inbound_webhook_on_number": True, "numbers": [DEFERRED]},
    ]
    applications = [
        {"sid": APP, "friendly_name": "Old app", "sms_url": "https://old.example.com/application"}
    ]
    named = {"Support": SUPPORT, "Sales": SALES}
    assistants = [{"id": id_, "name": name} for name, id_ in named.items()]
    assistants += [{"id": TWIN, "name": "Twin"}, {"id": OTHER_TWIN, "name": "Twin"}]
    return {
        "twilio": {
            "accounts": [
                {
                    "sid": AC,
                    "auth_token": TOKEN,
                    "api_keys": {KEY: KEY_SECRET},
                    "numbers": _numbers(),
                    "applications": applications,
                    "messaging_services": services,
                    "short_codes": [{"sid": "SC" + "a" * 32, "short_code": SHORT_CODE, "sms_url": OLD_SMS}],
                },
                {
                    "sid": OTHER_AC,
                    "auth_token": OTHER_TOKEN,
                    "numbers": [{"phone_number": IN_OTHER_ACCOUNT, "sms_url": OLD_SMS}],
                },
                {"sid": SUB_AC, "auth_token": SUB_TOKEN, "parent": AC},
            ]
        },
        "vapi": {
            "orgs": [
                {
                    "id": ORG,
                    "api_key": ORG_KEY,
                    "assistants": assistants,
                    "squads": [{"id": SQUAD, "name": "Everybody"}],
                },
                {
                    "id": OTHER_ORG,
                    "api_key": OTHER_ORG_KEY,
                    "assistants": [{"id": "a5000000-0000-4000-8000-00000000000f", "name": "Support"}],
                },
            ]
        },
    }


def _numbers() -> list[Record]:
    old = "https://old.example.com"
    return [
        {
            "phone_number": WEBHOOK,
            "sms_url": OLD_SMS,
            "sms_method": "GET",
            "sms_fallback_url": f"{old}/fallback?token=canary-query",
            "sms_fallback_method": "GET",
            "voice_url": f"{old}/voice?token=canary-query#rc=2",
            "voice_method": "GET",
            "voice_fallback_url": f"{old}/voice-fallback",
            "voice_fallback_method": "GET",
            "status_callback": f"{old}/status?token=canary-query",
            "status_callback_method": "GET",
        },
        {"phone_number": STUDIO, "sms_url": STUDIO_URL, "voice_url": f"{old}/voice"},
        {"phone_number": BIN, "sms_url": f"https://handler.twilio.com/twiml/EH{'a' * 32}"},
        {"phone_number": FUNCTION, "sms_url": "https://orders-1234-dev.twil.io/reply?key=canary-query"},
        {
            "phone_number": PROXY,
            "sms_url": f"https://webhooks.twilio.com/v1/Accounts/{AC}/Proxy/KS{'a' * 32}/Webhooks/Message",
        },
        {
            "phone_number": DEMO,
            "sms_url": "https://demo.twilio.com/welcome/sms/reply",
            "voice_url": "https://demo.twilio.com/welcome/voice/",
        },
        {
            "phone_number": APPLICATION,
            "sms_url": f"{old}/asleep",
            "sms_fallback_url": f"{old}/asleep-too",
            "sms_application_sid": APP,
            "voice_application_sid": APP,
        },
        {"phone_number": TRUNK, "sms_url": f"{old}/sms", "voice_url": f"{old}/v", "trunk_sid": TRUNK_SID},
        {"phone_number": SILENT},
        {"phone_number": HOSTED, "origin": "hosted", "sms_url": f"{old}/hosted"},
        {
            "phone_number": REGULATED,
            "sms_url": f"{old}/regulated",
            "requires": {"address_sid": ADDRESS, "identity_sid": IDENTITY, "bundle_sid": BUNDLE},
        },
        {"phone_number": DEFERRED, "sms_url": f"{old}/deferred"},
        {"phone_number": HIDDEN, "sms_url": f"{old}/hidden"},
        {"phone_number": VOICE_ONLY, "capabilities": {"sms": False, "mms": False}},
        {"phone_number": LEGACY, "sms_url": "http://legacy.example.com:8080/a//b?x=%7e&x=&y#frag"},
        {"phone_number": SPARE, "sms_url": f"{old}/spare"},
        {"phone_number": CANADIAN, "sms_url": f"{old}/sms"},
        {"range": {"from": SPARES[0], "count": len(SPARES)}, "sms_url": f"{old}/{{number}}"},
    ]


class Stack:
    """A Pulumi stack whose vendors are the sandbox: what it ran, and what became of the numbers."""

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
        self.project = Project(folder, HEADER, env=usual | env)
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

    def edit_vapi(self, do: str, **edit: Any) -> Record:  # noqa: ANN401 - the fields of VapiEdit
        """Change something in the Vapi org as somebody else."""
        return self.sandbox.outside_vapi(do, **{"org": ORG, **edit})

    def answers(self, number: str = WEBHOOK, sender: str = SENDER, **text: Any) -> str:  # noqa: ANN401 - as text()
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


def normal(value: Any) -> Any:  # noqa: ANN401 - any JSON
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
