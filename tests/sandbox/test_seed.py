"""The seed file: what is wrong in it is named, and what is right is served."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from vapi_sms.sandbox import RunningSandbox, SeedError
from vapi_sms.sandbox.plain_yaml import MOST_STEPS

from tests.sandbox import world
from tests.sandbox.world import AC, seed
from tests.steps import steps_of

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
        (b"\xff", "not UTF-8: save the file as UTF-8"),
    ],
)
def test_a_wrong_seed_names_file_and_key(tmp_path: Path, text: str | bytes, complaint: str) -> None:
    """And never a secret that stands beside it."""
    file = tmp_path / "seed.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)

    with pytest.raises(SeedError) as caught:
        RunningSandbox(file)

    assert str(caught.value).startswith(str(file))
    assert complaint in str(caught.value)
    assert "s3cret" not in str(caught.value)


MUCH = f"more than {MOST_STEPS:,} values, with aliases and merge keys (<<) written out"
MERGED = "".join(f"x{n + 1}: &a{n + 1} {{<<: [*a{n}, *a{n}, *a{n}]}}\n" for n in range(30))
HOSTILE = {
    "merges of merges": (f"x0: &a0 {{a: 1}}\n{MERGED}", MUCH),
    "lists of lists": (
        "x0: &a0 [1]\n" + "".join(f"x{n + 1}: &a{n + 1} [*a{n}, *a{n}, *a{n}]\n" for n in range(30)),
        MUCH,
    ),
    "many entries": ("- a\n" * (MOST_STEPS + 1), MUCH),
    "brackets": ("[" * 100_000, "nested more than 50 levels deep"),
    "itself": ("a: &a [*a]", "nested more than 50 levels deep, or in itself, through an alias"),
    "itself, merged": ("a: &a {<<: *a}", "a merge (<<) of what is no map, or of itself"),
    "base 60": (f"a: 1{':1' * 500_000}", "a value of a kind that has no meaning here ('int')"),
    "a long number": (f"a: {'9' * 5_000}", "a value of a kind that has no meaning here ('int')"),
    "a tag": ("a: !!python/name:os.system", "a value of a kind that has no meaning here ('python/name:os.system')"),
    "a number that is none": ("a: !!int 'x'", "a number that is not written in digits"),
}  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("text", "why"), HOSTILE.values(), ids=HOSTILE)
def test_a_seed_of_a_stranger_ends_soon(tmp_path: Path, text: str, why: str) -> None:
    """In one line, after a number of steps that is known beforehand."""
    file = tmp_path / "seed.yaml"
    file.write_text(text)

    with pytest.raises(SeedError) as caught:
        steps_of(lambda: RunningSandbox(file), 20 * MOST_STEPS)

    assert str(caught.value).endswith(f": {why}")


def test_ranges_hold_so_many_numbers_and_no_more() -> None:
    """Some letters stand for a hundred thousand numbers each."""
    numbers = [{"range": {"from": f"+1{n}00000000", "count": 100_000}} for n in range(20, 23)]
    seed = {"twilio": {"accounts": [{"sid": AC, "auth_token": "x", "numbers": numbers}]}}

    with pytest.raises(SeedError, match=r"all numbers together are more than 200,000"):
        RunningSandbox(seed)


def test_a_seed_reads_as_people_write_it(tmp_path: Path) -> None:
    """Anchors and merge keys, numbers, a byte order mark."""
    file = tmp_path / "seed.yaml"
    accounts = f"&a {{sid: {AC}, auth_token: token}}, {{<<: *a, sid: AC{'b' * 32}, parent: {AC}}}"
    file.write_text(
        f"twilio: {{accounts: [{accounts}]}}\nbehaviour: {{late_writes_ms: 1_5}}\n", encoding="utf-8-sig"
    )

    with RunningSandbox(file) as sandbox:
        state = sandbox.state()

    assert list(state["twilio"]["accounts"]) == [AC, f"AC{'b' * 32}"]
    assert state["behaviour"]["late_writes_ms"] == 15


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
