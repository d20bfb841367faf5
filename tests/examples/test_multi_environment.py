"""examples/multi-environment, as its README walks through it: two stacks, a promotion, drift, and two ways back."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.engine.stack import normal, releases
from tests.examples import readme

# A dozen runs of the engine.
pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(600)]

EXAMPLE = readme.REPOSITORY / "examples/multi-environment"
TEXT = EXAMPLE.joinpath("README.md").read_text()
DEV = ("+14155550100", "+14155550101")
PROD = ("+12125550100", "+12125550101", "+12125550102")
SECRETS = (
    "sandbox-dev-twilio-token",
    "sandbox-dev-vapi-key",
    "sandbox-dev-webhook-key",
    "sandbox-prod-twilio-secret",
    "sandbox-prod-vapi-key",
    "sandbox-prod-vapis-twilio-secret",
    "sandbox-prod-webhook-key",
)
AUTHOR = {f"GIT_{who}_{what}": "Ada" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    """Play both companies' vendors, where this test can look inside."""
    with RunningSandbox(EXAMPLE / "sandbox.yaml") as running:
        yield running


class Shell:
    """A shell that stays: each command finds the folder and the variables that the ones before it left behind."""

    def __init__(self, home: Path, sandbox: RunningSandbox) -> None:
        self._home, self._url = home, sandbox.url
        self._folder = str(readme.REPOSITORY)
        self._env = {
            **{name: os.environ[name] for name in ("HOME", "VAPI_SMS_CACHE") if name in os.environ},
            **AUTHOR,
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "PULUMI_HOME": str(home / "pulumi"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "TWILIO_BASE_URL": sandbox.url,
            "VAPI_BASE_URL": sandbox.url,
            "VAPI_SMS_SETTLE_SECONDS": "0.05",
        }
        self.said: list[str] = []

    def types(self, commands: str, *, fails: bool = False) -> str:
        """Type commands as README has them; answer yes where pulumi would ask. Give what they say."""
        script = re.sub(r"pulumi (up|destroy)", r"pulumi \1 --yes --skip-preview", commands)
        script = re.sub(
            r"pulumi (up|destroy|preview|stack)", r"pulumi --non-interactive --color=never \1", script
        )
        script = script.replace("http://127.0.0.1:8787", self._url).replace("~/numbers", str(self.numbers))
        after = self._home / "after"
        ran = subprocess.run(
            ["/bin/bash", "-euo", "pipefail", "-c", f"{script}\n{{ pwd; env -0; }} >{after}"],
            cwd=self._folder,
            env=self._env,
            capture_output=True,
            text=True,
            check=False,
        )
        self.said.append(ran.stdout + ran.stderr)
        assert (ran.returncode != 0) == fails, self.said[-1]
        if not fails:
            self._folder, _, variables = after.read_text().partition("\n")
            self._env = dict(pair.split("=", 1) for pair in variables.split("\0") if pair)
        return self.said[-1]

    @property
    def numbers(self) -> Path:
        """The copy of the example."""
        return self._home / "numbers"

    def edit(self, diff: str) -> None:
        """Make the change of one line that README shows."""
        before, after = (line[1:] + "\n" for line in diff.splitlines())
        file = self.numbers / "numbers.yaml"
        assert file.read_text().count(before) == 1
        file.write_text(file.read_text().replace(before, after))

    def leaked(self, journal: object) -> list[str]:
        """Give the secrets that stand in clear in anything said, in any file of both stacks, or in the journal."""
        files = [
            path.read_bytes()
            for path in self.numbers.rglob("*")
            if path.is_file() and path.name != "sandbox.yaml" and ".git" not in path.parts
        ]
        told = [*files, *(said.encode() for said in self.said), str(journal).encode()]
        return [secret for secret in SECRETS if any(secret.encode() in text for text in told)]


def blocks(section: str, language: str = "sh") -> list[str]:
    """Give the blocks of code in a section of the example's README."""
    body = TEXT.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", body, flags=re.MULTILINE | re.DOTALL)


def answers(sandbox: RunningSandbox, *numbers: str) -> set[str]:
    """Send a text to each number; tell who answers them."""
    return {str(sandbox.text("+12025550143", number, "Open?")["answered_by"]) for number in numbers}


def held(sandbox: RunningSandbox) -> Mapping[str, Any]:
    """Give all that must be equal before and after; null and empty are one value."""
    found: Mapping[str, Any] = normal(sandbox.routing_snapshot())
    return found


def test_the_walk_through_both_environments(tmp_path: Path, sandbox: RunningSandbox) -> None:
    """Every step does what README says, and at the end every field of both companies is as it was."""
    before = held(sandbox)
    shell = Shell(tmp_path, sandbox)
    (setup,), (dev,), (prod,) = blocks("Set up"), blocks("Dev"), blocks("Prod")
    shell.types(setup)

    assert '"answered_by": "Vapi assistant Concierge"' in shell.types(dev)
    assert answers(sandbox, *DEV) == {"Vapi assistant Concierge"}
    assert {number: held(sandbox)["numbers"][number] for number in PROD} == {
        number: before["numbers"][number] for number in PROD
    }
    assert '"answered_by": "Vapi assistant Support"' in shell.types(prod)
    assert answers(sandbox, *PROD) == {"Vapi assistant Support"}
    assert answers(sandbox, "+14155550109", "+12125550109") == {"Vapi assistant After hours"}

    (line,), (promote,) = blocks("Promote", "diff"), blocks("Promote")
    (drift,), (back,) = blocks("Drift"), blocks("Back")
    shell.edit(line)
    said = shell.types(promote)
    assert shell.types("git show --numstat --format= HEAD").strip() == "1\t1\tnumbers.yaml"
    assert said.count('~ assistant  : "Support" => "Concierge"') == len(PROD)
    assert answers(sandbox, *PROD) == {"Vapi assistant Concierge"}
    assert "+12125550101: texts are answered by Webhook https://new.example.com/sms" in shell.types(drift)
    assert answers(sandbox, *PROD) == {"Vapi assistant Concierge"}
    shell.types(back)
    assert answers(sandbox, *PROD) == {"Vapi assistant Support"}

    half, repair = blocks("An update that fails half-way")
    assert "1 of 4 numbers failed (3 are as declared): +12125550" in shell.types(half, fails=True)
    assert answers(sandbox, *PROD) == {"Vapi assistant Support", "Vapi assistant Concierge"}
    left = re.findall(r"(\+1\d{10}): Vapi's assistant is Concierge \(\S+\), not Support", shell.types(repair))
    assert len(set(left)) == len(PROD) - 1
    assert answers(sandbox, *PROD) == {"Vapi assistant Support"}
    shell.types("pulumi preview --stack prod --expect-no-changes")

    (destroy,) = blocks("Give everything back")
    shell.types(destroy)
    assert held(sandbox) == before
    assert answers(sandbox, "+14155550109", "+12125550109") == {
        "Twilio's demo",
        "TwiML Bin EH00000000000000000000000000000001",
    }
    assert shell.types("git status --porcelain") == ""
    assert releases(sandbox.journal()) == []
    assert shell.leaked(sandbox.journal()) == []
