"""The seed file: what is wrong in it is named, and what is right is served."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from vapi_sms.sandbox import RunningSandbox, SeedError

from tests.sandbox import world
from tests.sandbox.world import AC, seed

ROOT = Path(__file__).parents[2]
NUMBERS = f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("twilio: {acounts: []}", "twilio.acounts: Extra inputs are not permitted"),
        (
            "twilio: {accounts: [{sid: AC1, auth_token: s3cret}]}",
            "twilio.accounts.0.sid: String should match",
        ),
        ("behaviour: [", "not YAML"),
    ],
)
def test_a_wrong_seed_names_file_and_key(tmp_path: Path, text: str, complaint: str) -> None:
    """And never a secret that stands beside it."""
    file = tmp_path / "seed.yaml"
    file.write_text(text)

    with pytest.raises(SeedError) as caught:
        RunningSandbox(file)

    assert str(caught.value).startswith(str(file))
    assert complaint in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_missing_seed_is_named(tmp_path: Path) -> None:
    """With what the system says."""
    with pytest.raises(SeedError, match=r"none\.yaml: cannot be read: No such file"):
        RunningSandbox(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("key", "entry"),
    [
        ("numbers", {"phone_number": world.SILENT}),
        ("numbers", {"sms_url": "https://example.com"}),
        ("messaging_services", {"sid": "MG" + "9" * 32, "numbers": [world.HIDDEN]}),
        ("messaging_services", {"sid": "MG" + "9" * 32, "numbers": ["+19990000000"]}),
    ],
)
def test_a_seed_that_contradicts_itself_is_refused(key: str, entry: dict[str, object]) -> None:
    """Doubled numbers, numbers without a number, numbers in two services, services without their numbers."""
    data = seed()
    data["twilio"]["accounts"][0][key].append(entry)

    with pytest.raises(SeedError):
        RunningSandbox(data)


def test_a_seed_with_an_unknown_parent_is_refused() -> None:
    """A subaccount is some account's."""
    data = seed()
    data["twilio"]["accounts"][0]["parent"] = "AC" + "9" * 32

    with pytest.raises(SeedError, match="names a parent that is not in the seed"):
        RunningSandbox(data)


@pytest.mark.parametrize(
    "file", sorted(ROOT.glob("examples/*/*.yaml")), ids=lambda file: f"{file.parent.name}/{file.name}"
)
def test_examples_have_tokens_of_twilios_form(file: Path) -> None:
    """32 hex digits: Twilio's SDK for Go takes nothing else."""
    found = re.findall(r"^\s*auth_token: (.*)$", file.read_text(), re.MULTILINE)

    assert (file.name == "sandbox.yaml") == bool(found)
    assert all(re.fullmatch("[0-9a-f]{32}", token) for token in found)


def test_the_quickstarts_seed_is_served_as_a_command_would() -> None:
    """`serve` tells where it is, and stops when it is interrupted."""
    program = (
        "import sys; from pathlib import Path; from vapi_sms.sandbox import serve; "
        "serve(Path(sys.argv[1]), port=0, ready=lambda url: print(url, flush=True))"
    )
    file = str(ROOT / "examples/quickstart/sandbox.yaml")
    with subprocess.Popen(
        [sys.executable, "-c", program, file], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        found = httpx.get(f"{url}/_sandbox/state").json()["twilio"]["accounts"]
        process.terminate()
        process.wait(10)

    assert "+14155550100" in found["AC00000000000000000000000000000001"]["numbers"]
