"""The seed file: what is wrong in it is named, and what is right is served."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import httpx
import jsonschema
import pytest
import yaml
from vapi_sms.sandbox import RunningSandbox, SeedError, json_schema
from vapi_sms.sandbox.control.plain_yaml import MOST_STEPS
from vapi_sms.sandbox.control.seed import QUICKSTART

from tests.sandbox import world
from tests.sandbox.world import AC, seed
from tests.steps import steps_of

ROOT = Path(__file__).parents[3]
NUMBERS = f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers"


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        (
            "twilio: {acounts: []}",
            ["1: twilio.acounts is not known here, did you mean accounts? Known here: accounts"],
        ),
        (
            "twilio:\n  accounts:\n  - sid: AC1\n    auth_token: s3cret\n",
            ["3: twilio.accounts[0].sid has to be AC and 32 hex digits"],
        ),
        (
            f"twilio:\n  accounts:\n  - sid: {AC}\n    numbers:\n    - phone_number: +14155550100\n",
            [
                "3: twilio.accounts[0].auth_token is missing",
                "5: twilio.accounts[0].numbers[0].phone_number has to be a text: put it in quotes",
            ],
        ),
        (
            (
                f"twilio:\n  accounts:\n  - sid: {AC}\n    auth_token: ''\n    numbers:\n"
                "    - phone_number: 's3cret'\n      beta: perhaps\n      sms_method: PUT\n    - {}\n"
            ),
            [
                "4: twilio.accounts[0].auth_token must not be empty",
                '6: twilio.accounts[0].numbers[0].phone_number has to be a number such as "+14155550100"',
                "7: twilio.accounts[0].numbers[0].beta has to be true or false",
                "8: twilio.accounts[0].numbers[0].sms_method has to be 'GET' or 'POST'",
                "9: twilio.accounts[0].numbers[1] is wrong: give either phone_number or range",
            ],
        ),
        (
            (
                "vapi: {orgs: {}}\nbehaviour:\n  late_writes_ms: -1\n  delete: burns\n"
                "  webhook_host: s3cret\n  page_cap: {twilio: 0.5}\n  limits: 5\n"
            ),
            [
                "1: vapi.orgs has to be a list",
                "4: behaviour.delete has to be 'leaves', 'clears' or 'resets'",
                "3: behaviour.late_writes_ms has to be at least 0",
                "5: behaviour.webhook_host has to be a URL such as https://api.vapi.ai, without a slash at its end",
                "6: behaviour.page_cap.twilio has to be a whole number",
                "7: behaviour.limits has to have keys and values",
            ],
        ),
        ("- twilio", ["1: has to have keys and values"]),
    ],
)
def test_every_mistake_is_a_line_with_its_place(tmp_path: Path, text: str, complaints: list[str]) -> None:
    """The file, the line, the path in the YAML, and what is allowed there; never what stands there."""
    file = tmp_path / "seed.yaml"
    file.write_text(text)

    with pytest.raises(SeedError) as caught:
        RunningSandbox(file)

    assert sorted(str(caught.value).splitlines()) == sorted(f"{file}, line {line}" for line in complaints)
    assert "s3cret" not in str(caught.value)


def test_a_mistake_in_plain_data_has_no_line() -> None:
    """A test's seed is a dictionary."""
    with pytest.raises(SeedError, match=r"^seed: twilio\.acounts is not known here"):
        RunningSandbox({"twilio": {"acounts": []}})


def test_what_is_no_yaml_is_not_quoted(tmp_path: Path) -> None:
    """A seed holds tokens. A byte order mark is no mistake."""
    file = tmp_path / "seed.yaml"
    file.write_text("twilio: [s3cret")
    with pytest.raises(SeedError) as caught:
        RunningSandbox(file)
    assert str(caught.value) == f"{file}: not YAML, line 2"

    file.write_bytes("twilio: é".encode("latin-1"))
    with pytest.raises(SeedError, match="not UTF-8: save the file as UTF-8"):
        RunningSandbox(file)

    file.write_text("\ufefftwilio: {}")
    RunningSandbox(file)


@pytest.mark.parametrize(
    "file", sorted(ROOT.glob("examples/*/sandbox.yaml")), ids=lambda file: file.parent.name
)
def test_the_schema_takes_what_is_taken(file: Path) -> None:
    """It is a schema of its own draft, and every key of it is described."""
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)

    found = list(jsonschema.Draft202012Validator(schema).iter_errors(yaml.safe_load(file.read_text())))

    assert found == []
    undescribed = [
        f"{name}.{key}"
        for name, definition in {"Seed": schema, **schema["$defs"]}.items()
        for key, value in definition["properties"].items()
        if not value.get("description")
    ]
    assert undescribed == []


@pytest.mark.parametrize(
    "text",
    [
        "twilio: {acounts: []}",
        "twilio: {accounts: [{sid: AC1, auth_token: x}]}",
        "twilio: {accounts: [{auth_token: x}]}",
        "behaviour: {delete: burns}",
        "behaviour: {latency_ms: {twilio: -1}}",
    ],
)
def test_the_schema_refuses_what_is_refused(text: str) -> None:
    """Wherever one value shows it."""
    assert list(jsonschema.Draft202012Validator(json_schema()).iter_errors(yaml.safe_load(text)))
    with pytest.raises(SeedError):
        RunningSandbox(yaml.safe_load(text))


def test_the_packages_seed_is_the_quickstarts() -> None:
    """Who has only the package starts the same world."""
    assert QUICKSTART.read_bytes() == (ROOT / "examples/quickstart/sandbox.yaml").read_bytes()


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
