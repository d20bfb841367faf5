"""Previews made by hand, for moments that are hard to reach with a real engine, in the engine's own words."""

from __future__ import annotations

import json
from typing import Any

from vapi_sms.cli.review.changes import Change, Kind, changes
from vapi_sms.cli.review.reading import Preview, parse

STACK = "urn:pulumi:dev::shop::"
TYPES = "pulumi-python:dynamic/vapi:"
ONE, TWO = "+14155550100", "+14155550101"
FLOW, BIN = "Studio Flow FW1", "TwiML Bin EH1"
FLOW_BACK = f"texts: {FLOW}; calls: nobody; not in Vapi"
SUPPORT, SALES = "Vapi assistant Support", "Vapi assistant Sales"

Json = dict[str, Any]


def answered(by: str = "Support", instead: str = FLOW, **more: Any) -> Json:
    """Give the properties of a number that an assistant answers."""
    ids = {"assistant": by, "assistantId": f"id-{by}", "smsEnabled": True}
    return {**ids, "answeredBy": f"Vapi assistant {by}, instead of {instead}", **more}


def step(type_: str, name: str, old: Json | None, new: Json | None, **more: Any) -> Json:
    """Give a step; what happens follows from what there is before and after."""
    happens = {(True, False): "create", (False, True): "delete"}
    op = happens.get((old is None, new is None), "same" if old == new else "update")
    states = {"oldState": old and {"inputs": old}, "newState": new and {"inputs": new}}
    return {"op": op, "urn": f"{STACK}{TYPES}{type_}::{name}", **states, **more}


def number(
    name: str,
    old: Json | None,
    new: Json | None,
    summary: str = FLOW_BACK,
    **sibling: Any,
) -> list[Json]:
    """Give the steps of a VapiSmsNumber of the number ONE, and of its sibling."""
    of_one = {"number": ONE}
    record = {"summary": {ONE: summary}, "numbers": {ONE: {}}, **sibling}
    return [
        step("VapiSmsNumber", name, old and {**of_one, **old}, new and {**of_one, **new}),
        step("OriginalRoutings", f"{name}-original", old and record, new and record),
    ]


def route(old: Json | None, new: Json | None, summary: str = f"texts: {FLOW}", **sibling: Any) -> list[Json]:
    """Give the steps of a TwilioSmsRoute of the number ONE, and of its sibling."""
    routed, beside = number("route", old, new, summary, **sibling)
    return [{**routed, "urn": f"{STACK}{TYPES}TwilioSmsRoute::route"}, beside]


def fleet(
    old: dict[str, Json] | None,
    new: dict[str, Json] | None,
    summary: Json,
    was: Json | None = None,
    **sibling: Any,
) -> list[Json]:
    """Give the steps of a VapiSmsFleet and of its sibling, whose summary may have been another one (`was`)."""
    before = {"summary": summary if was is None else was, "numbers": {key: {} for key in old or {}}}
    after = {"summary": summary, "numbers": {key: {} for key in new or {}}, **sibling}
    return [
        step(
            "VapiSmsFleet",
            "fleet",
            None if old is None else {"numbers": old},
            None if new is None else {"numbers": new},
        ),
        step(
            "OriginalRoutings",
            "fleet-original",
            None if old is None else before,
            None if new is None else after,
        ),
    ]


def said(message: str, severity: str = "info#err", name: str = "") -> Json:
    """Give a diagnostic, of a resource where it has a name."""
    urn = {"urn": f"{STACK}{TYPES}VapiSmsNumber::{name}"} if name else {}
    return {"message": message, "severity": severity, **urn}


def preview(*steps: list[Json] | Json, diagnostics: list[Json] | None = None, **more: Any) -> Preview:
    """Give a parsed preview of steps."""
    flat = [each for group in steps for each in (group if isinstance(group, list) else [group])]
    found = {"steps": flat, "diagnostics": diagnostics or [], "changeSummary": {}, **more}
    return parse(json.dumps(found), "the preview")


def told(*steps: list[Json] | Json) -> list[Change]:
    """Give the changes of a preview of steps."""
    return list(changes(preview(*steps)))


def told_once(*steps: list[dict[str, object]] | dict[str, object]) -> tuple[Kind, str, str, str]:
    """Give kind, now, after and on destroy of the only change."""
    (change,) = told(*steps)
    return change.kind, change.now, change.after, change.on_destroy
