"""Canaries: a value to look for in place of each secret, and not one of them in anything that is told or kept.

A whole life on the real engine, at debug level, with every command beside it and every vendor's trouble in between.
Everything that was printed, written to a file or noted in the sandbox's journal is then searched: in clear, as a URL
spells it, and as the header that logs in with it.
"""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.cli.command import BORN
from tests.engine.project import STACK, Run
from tests.engine.world import (
    AC,
    CANADIAN,
    CANARIES,
    FOREIGN,
    HIDDEN,
    IN_OTHER_ACCOUNT,
    KEY,
    KEY_SECRET,
    MG,
    OLD_SMS,
    ORG_KEY,
    OTHER_AC,
    OTHER_ORG_KEY,
    OTHER_TOKEN,
    SILENT,
    SPARE,
    SPARES,
    STUDIO,
    TOKEN,
    VAPI_SMS,
    WEBHOOK,
)

if TYPE_CHECKING:
    from tests.engine.stack import Stack
    from tests.engine.world import Record

OWN, NEXT, THEIRS = ("SK" + digit * 32 for digit in "123")
SECRETS = {OWN: "canary-own=1&", NEXT: "canary-own=2&", THEIRS: "canary-theirs"}
PASSPHRASE = "canary-passphrase"
ALL = (*CANARIES, *SECRETS.values(), PASSPHRASE)
USERS = {AC: TOKEN, OTHER_AC: OTHER_TOKEN, KEY: KEY_SECRET, **SECRETS}
HEADERS = [base64.b64encode(f"{user}:{secret}".encode()).decode() for user, secret in USERS.items()]
ENV = {
    "TWILIO_AUTH_TOKEN": None,
    "TWILIO_API_KEY": KEY,
    "TWILIO_API_SECRET": KEY_SECRET,
    "VAPI_TWILIO_API_KEY": OWN,
    "VAPI_TWILIO_API_SECRET": SECRETS[OWN],
    "OTHER_TOKEN": OTHER_TOKEN,
    "OTHER_KEY": OTHER_ORG_KEY,
    "THEIRS": SECRETS[THEIRS],
    "HOOK": OLD_SMS,
    "PHRASE": PASSPHRASE,
}
PROGRAM = (
    "import os",
    "from vapi_sms import MessagingServiceInbound, VapiSmsFleet, account",
    "hook = os.environ['HOOK']",
    f"""other = account("other", twilio_account_sid={OTHER_AC!r}, twilio_auth_token=os.environ["OTHER_TOKEN"],
    vapi_api_key=os.environ["OTHER_KEY"], vapi_twilio_api_key={THEIRS!r},
    vapi_twilio_api_secret=os.environ["THEIRS"])""",
    f"""theirs = VapiSmsNumber("theirs", number={IN_OTHER_ACCOUNT!r}, assistant="Support",
    opts=ResourceOptions(provider=other))""",
    'support = VapiSmsNumber("support", number=WEBHOOK, assistant="Support", fallback="original")',
    f"""desks = VapiSmsFleet("desks", defaults={{"assistant": "Sales"}}, numbers={{
    STUDIO: {{"restore_to": Handler.webhook(hook, fallback=hook)}},
    {SILENT!r}: {{"fallback": Handler.webhook(hook)}},
}})""",
    f'route = TwilioSmsRoute("route", number={CANADIAN!r}, handler=Handler.webhook(hook))',
    f'campaigns = MessagingServiceInbound("campaigns", service={MG!r})',
    f'VapiSmsNumber("hidden", number={HIDDEN!r}, assistant="Support", messaging_service=campaigns)',
    'for name in ("original", "original_summary", "routing", "answered_by"):',
    "    pulumi.export(name, getattr(support, name))",
    'pulumi.export("desks", desks.original)',
)


UP = ("up", "--yes", "--skip-preview", "--debug")


@pytest.fixture
def nest(stack: Stack) -> Stack:
    """Give a stack whose every credential is a canary, with keys of Vapi's own and a second account."""
    keys = {sid: secret for sid, secret in SECRETS.items() if sid != THEIRS}
    stack.sandbox.outside("credentials", account=AC, api_keys=keys)
    stack.sandbox.outside("credentials", account=OTHER_AC, api_keys={THEIRS: SECRETS[THEIRS]})
    stack.env.update({name: value for name, value in ENV.items() if value is not None})
    del stack.env["TWILIO_AUTH_TOKEN"]
    stack.declare(*PROGRAM)
    return stack


def test_a_whole_life_tells_no_secret(nest: Stack, tmp_path: Path) -> None:
    """Create, look at it in every way, keep and restore, rotate, drift, update, destroy: all at debug level."""
    nest.preview("--debug")
    nest.run(*UP, "--show-config", "--show-reads", "--show-sames")
    _commands(nest, tmp_path)
    nest.sandbox.outside_number(WEBHOOK, sms_url=f"{FOREIGN}&more=canary-query", sms_fallback_url=OLD_SMS)
    nest.sandbox.outside_number(SILENT, sms_url=OLD_SMS)
    nest.env.update({"VAPI_TWILIO_API_KEY": NEXT, "VAPI_TWILIO_API_SECRET": SECRETS[NEXT]})
    previewed = _command(nest, "preview", "--cwd", nest.project.folder)
    assert "the key that Vapi was given changes" in previewed
    assert "new.example.com" in previewed
    nest.run("refresh", "--yes", "--debug", "--diff")
    nest.up("--debug")
    assert nest.answers() == "Vapi assistant Support"
    nest.run("stack", "export")
    assert nest.sandbox.number(SILENT)["sms_fallback_url"] == OLD_SMS
    nest.run("stack", "output")
    nest.run("stack", "history")
    nest.destroy("--debug")

    assert found_in(nest, tmp_path) == []
    assert changed(nest) == [STUDIO]  # which gets back what `restore_to` declares


def test_no_trouble_tells_a_secret(nest: Stack, tmp_path: Path) -> None:
    """Vendors that echo what they were sent, revoked keys, keys in wrong places, and what programs get wrong."""
    echo = {"message": f"no {KEY_SECRET} {SECRETS[OWN]} {ORG_KEY} {OLD_SMS}", "code": 20001}
    page = f"<html>{KEY_SECRET} {ORG_KEY} {OLD_SMS}</html>"
    posted: Record = {"method": "POST", "count": None}
    for answer in ({"status": 400, "body": echo}, {"status": 502, "body": page}):
        # Only of this account: the other one's provider knows none of these secrets.
        nest.sandbox.fault(vendor="vapi", containing=AC, **posted, **answer)
        nest.fail(*UP)
        nest.sandbox.clear_faults()
    nest.up()
    nest.sandbox.outside_number(WEBHOOK, sms_url=FOREIGN)
    nest.sandbox.fault(vendor="twilio", path=f"*{AC}*", **posted, status=401, body=echo)
    nest.fail(*UP)
    nest.fail("destroy", *UP[1:])
    nest.sandbox.clear_faults()
    for swapped in (
        {"TWILIO_API_KEY": KEY_SECRET, "TWILIO_API_SECRET": KEY},
        {"VAPI_BASE_URL": f"https://app:{KEY_SECRET}@api.vapi.ai/?key={ORG_KEY}"},
        {"VAPI_TWILIO_API_KEY": SECRETS[OWN], "VAPI_TWILIO_API_SECRET": OWN},
        {"VAPI_API_KEY": KEY_SECRET},
    ):
        with nest.with_env(**swapped):
            nest.fail("preview", "--debug")
            _command(nest, "doctor", WEBHOOK, code=None)
    nest.declare(
        *PROGRAM,
        "for nth, wrong in enumerate(({'url': hook, 'x': hook}, hook, Routing(hook.replace('https', 'gopher')))):",
        f'    VapiSmsNumber(f"spare{{nth}}", number={SPARES!r}[nth], assistant=hook, restore_to=wrong)',
    )
    nest.fail("preview", "--debug")
    nest.sandbox.outside_number(WEBHOOK, sms_url=VAPI_SMS)
    nest.destroy()

    assert found_in(nest, tmp_path) == []
    assert changed(nest) == [STUDIO]  # which gets back what `restore_to` declares


def changed(stack: Stack) -> list[str]:
    """Give the numbers, services and records that are not as they were at first."""
    now = stack.snapshot()
    return [
        name
        for kind, things in stack.before.items()
        for name in things.keys() | now[kind].keys()
        if things.get(name) != now[kind].get(name)
    ]


def found_in(stack: Stack, folder: Path) -> list[str]:
    """Give each secret that stands in clear in anything that was printed, written or noted, with where it stands."""
    texts = {" ".join(("run", str(n))): run.text.encode() for n, run in enumerate(stack.runs)}
    program = stack.project.folder / "__main__.py"
    texts |= {
        str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path != program
    }
    texts["journal"] = str(stack.sandbox.journal()).encode()
    assert any("/.pulumi/history/" in name for name in texts)
    assert any("/.pulumi/backups/" in name for name in texts)
    spelled = {*ALL, *map(quote, ALL), *HEADERS}
    return sorted(
        f"{secret} in {name}" for name, text in texts.items() for secret in spelled if secret.encode() in text
    )


def _commands(stack: Stack, folder: Path) -> None:
    """Run every command of ours on the stack; what they print and write is searched with the rest.

    `restore` shows what it would put back, and ends as one that cannot do it all: a number is in another account.
    """
    cwd = ("--stack", STACK, "--cwd", stack.project.folder)
    previewed = stack.run("preview", "--json", "--show-sames").stdout
    assert WEBHOOK in _command(stack, "comment", stdin=previewed)
    assert WEBHOOK in _command(stack, "doctor", *cwd, code=None)
    assert WEBHOOK in _command(stack, "doctor", "--json", code=None)
    assert "old.example.com" in _command(stack, "export", SPARE)
    sealed, bare, account = (folder / f"{name}.json" for name in ("sealed", "bare", "account"))
    phrase = ("--passphrase-env", "PHRASE")
    _command(stack, "backup", *cwd, "--output", sealed, *phrase)
    _command(stack, "backup", *cwd, "--output", bare, "--without-secrets")
    _command(stack, "backup", "--account", "--output", account, *phrase)
    assert WEBHOOK in _command(stack, "restore", sealed, "--dry-run", *phrase, code=None)
    _command(stack, "restore", bare, "--dry-run", code=None)
    state = stack.project.run("stack", "export", "--show-secrets").stdout
    assert WEBHOOK in _command(stack, "restore", "-", "--dry-run", stdin=state, code=None)


def _command(stack: Stack, *args: str | Path, stdin: str = "", code: int | None = 0) -> str:
    """Run a command of ours as people do, note what it told, and return it; `code` None: whatever it ends with."""
    ran = subprocess.run(
        [BORN, *args], env=stack.env, input=stdin, capture_output=True, text=True, check=False
    )
    stack.runs.append(Run(ran.returncode, ran.stdout, ran.stderr))
    assert code is None or ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran.stdout + ran.stderr
