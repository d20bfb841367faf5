"""Reading what is no preview, what is a later engine's, and what holds secrets."""

from __future__ import annotations

import json

import pytest
from vapi_sms.cli.review.holders import FLEET, NUMBER, ORIGINALS, ROUTE, sibling_of
from vapi_sms.cli.review.reading import Preview, parse, shown
from vapi_sms.cli.trouble import CannotGoOn
from vapi_sms.resources.inputs.words import OURS, kind_in
from vapi_sms.resources.program import fleet, number, originals, route
from vapi_sms.resources.program.options import sibling_name

from tests.cli.review.steps import preview, step

FEED = "feed it what `pulumi preview --json --show-sames` prints"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", f"p.json is not JSON (line 1: Expecting value): {FEED}"),
        (
            '{"steps": [],\n canary}',
            f"p.json is not JSON (line 2: Expecting property name enclosed in double quotes): {FEED}",
        ),
        ('{"sequence": 1}\n{"sequence": 2}', f"p.json is not JSON (line 2: Extra data): {FEED}"),
        ("[1]", f"p.json is JSON, but no Pulumi preview: {FEED}"),
        (
            '{"format_version": "1.2", "resource_changes": []}',
            f"p.json is JSON, but no Pulumi preview: {FEED}",
        ),
        (
            '{"steps": {"canary": 1}}',
            f"p.json is no Pulumi preview (steps: Input should be a valid tuple): {FEED}",
        ),
        (
            '{"steps": [{"urn": "canary"}]}',
            f"p.json is no Pulumi preview (steps.0.op: Field required): {FEED}",
        ),
    ],
)
def test_what_is_no_preview(text: str, line: str) -> None:
    """One line that names the place, never the value."""
    with pytest.raises(CannotGoOn) as refused:
        parse(text, "p.json")

    assert str(refused.value) == line


def test_types_are_those_of_the_resources() -> None:
    """Named here once more, since importing the resources costs a command its Pulumi; of either transport."""
    types = (number.TYPE, fleet.TYPE, route.TYPE, originals.TYPE)

    assert tuple(map(kind_in, types)) == (NUMBER, FLEET, ROUTE, ORIGINALS)
    assert kind_in(f"vapi-sms:index:{NUMBER}") == NUMBER
    assert kind_in("acme:index:Team") == ""


def test_sibling() -> None:
    """Found by its URN, below a component too."""
    for prefix in OURS:
        urn = f"urn:pulumi:dev::shop::acme:Team${prefix}{NUMBER}::desk"

        assert (
            sibling_of(urn, NUMBER)
            == f"urn:pulumi:dev::shop::acme:Team${prefix}{ORIGINALS}::{sibling_name('desk')}"
        )


def test_urn() -> None:
    """Stack, own type and name; a name may hold what parts a URN."""
    (found,) = preview({"op": "same", "urn": "urn:pulumi:dev::shop::a:b:C$d:e:F::one::two"}).steps

    assert (found.stack, found.type, found.name) == ("shop/dev", "d:e:F", "one::two")


def test_preview_of_nothing() -> None:
    """A stack that cannot be told has no name, and that is all."""
    told = parse('{"steps": null, "changeSummary": {}}', "p.json")

    assert told == Preview()
    assert told.stack == "unknown"


@pytest.mark.parametrize(("same", "complete"), [(1, True), (2, False)])
def test_without_show_sames(same: int, complete: bool) -> None:
    """The engine counts unchanged resources that it does not list."""
    unchanged = step("VapiSmsNumber", "n", {"number": "+1"}, {"number": "+1"})

    assert preview(unchanged, changeSummary={"same": same}).is_complete is complete


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://u:canary@a.example.com/x?token=canary", "https://***@a.example.com/x?token=***"),
        (
            "(fallback Webhook https://a.example.com/?t=canary); calls",
            "(fallback Webhook https://a.example.com/?t=***); calls",
        ),
        (
            "'https://a.example.com/?canary', WSS://b?c=canary.",
            "'https://a.example.com/?***', WSS://b?c=***.",
        ),
        ("https://a.example.com/?a=1)canary&b=canary'x#canary", "https://a.example.com/?a=***&b=***#***"),
        ("https://***@a.example.com/?t=***#rc=3", "https://***@a.example.com/?t=***#rc=3"),
        ("no address: a=b?c=d", "no address: a=b?c=d"),
    ],
)
def test_addresses_are_redacted(text: str, told: str) -> None:
    """Wherever they stand; what is redacted already stays as it is."""
    assert shown(text) == told
    assert shown(told) == told


def test_secrets_of_any_kind_are_not_read() -> None:
    """Canaries in every place where the engine could put one."""
    mark = "4dabf18193072939515e22adb298388d"
    secret = {mark: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "canary"}
    state = {
        "inputs": {"name": secret, "__provider": "canary", "numbers": {"+1": {"assistant": [secret]}}},
        "outputs": {"url": "https://a.example.com/?k=canary", "https://a.example.com/?canary": 1},
    }
    steps = [{"op": "update", "urn": "urn:pulumi:d::p::t::n", "oldState": state, "newState": state}]
    message = {
        "message": "property token value {canary} has a problem: no; see https://a.example.com/?k=canary"
    }
    text = json.dumps({"steps": steps, "diagnostics": [message], "config": {"twilio:authToken": "canary"}})

    assert "canary" not in repr(parse(text, "p.json"))
