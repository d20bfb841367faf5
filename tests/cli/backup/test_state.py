"""Records in a stack's state, as `pulumi stack export --show-secrets` prints it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vapi_sms.cli.backup.state import held_in
from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import Original
from vapi_sms.resources.record.state import dump_original

AC = "AC" + "a" * 32
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def original(url: str, n: int = 1) -> Original:
    """Return the record of a number."""
    return Original(
        f"PN{n:032}", f"+1415555010{n}", AC, "an-org", Routing(url, "POST", "", "POST"), VoiceRouting()
    )


def resource(name: str, held: object, **fields: Any) -> dict[str, Any]:
    """Return a sibling with its records."""
    kind = "pulumi-python:dynamic/vapi:OriginalRoutings"
    return {
        "urn": f"urn:pulumi:prod::texts::{kind}::{name}",
        "type": kind,
        "outputs": {"originals": held},
        **fields,
    }


def secret(*records: Original) -> dict[str, str]:
    """Return records as the engine shows secrets."""
    return SECRET | {"plaintext": json.dumps({record.sid: dump_original(record) for record in records})}


def exported(*resources: dict[str, Any]) -> dict[str, Any]:
    """Return an export."""
    return {"version": 3, "deployment": {"resources": list(resources)}}


def test_what_takes_the_place_of_a_deleted_resource_knows_better() -> None:
    """A record that waits to be deleted counts only where no living resource has one of that number."""
    state = exported(
        resource("a-original", secret(original("https://new.example.com"))),
        resource("a-original", secret(original("https://old.example.com"), original("x", 2)), delete=True),
    )

    held = held_in(state, "x")

    assert {record.number: record.messaging.url for record in held.numbers} == {
        "+14155550101": "https://new.example.com",
        "+14155550102": "x",
    }
    assert held.of == "stack texts/prod"


@pytest.mark.parametrize(
    "held_there", [json.dumps("not recorded yet"), "[" * 450 + "]" * 450], ids=["placeholder", "450 lists"]
)
def test_a_placeholder_is_no_record(held_there: str) -> None:
    """A stack that was never up with credentials says so, by the name of the resource; so does what is no map."""
    state = exported(resource("a-original", SECRET | {"plaintext": held_there}))

    held = held_in(state, "x")

    assert held.is_empty
    assert held.unusable == {"a-original": "OriginalRoutings a-original holds no record yet"}


@pytest.mark.parametrize(
    "nested",
    ['{"a":' * 450 + "0" + "}" * 450, '{"a":' * 100_000 + "0" + "}" * 100_000, "[" * 100_000 + "]" * 100_000],
    ids=["450 objects", "100,000 objects", "100,000 lists"],
)
def test_a_state_that_is_nested_without_end_is_one_line(nested: str) -> None:
    """Whether the engine's JSON nests, or the JSON in it: deeper than anything that we wrote, and than we can walk."""
    inner = SECRET | {"plaintext": nested}
    state = exported(resource("a-original", inner))

    with pytest.raises(NothingToTell, match=r"^x is not what `pulumi stack export --show-secrets` prints"):
        held_in(state, "x")
