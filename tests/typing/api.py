"""The public API as a contract: only type-checked, never run. What mypy says here, it says in users' programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, assert_type

import pulumi
from vapi_sms import (
    LEAVE_AT_VAPI,
    Handler,
    MessagingServiceInbound,
    OriginalRoutings,
    OriginalService,
    Prove,
    Routing,
    TwilioSmsRoute,
    VapiSmsFleet,
    VapiSmsNumber,
    account,
    assistant_from_gitops,
    load_numbers,
    squad_from_gitops,
)

# The least, and everything; the name is positional, all else goes by keyword.
support = VapiSmsNumber("support", number="+14155550100", assistant="Support")
sales = VapiSmsNumber(
    "sales",
    twilio_sid="PN00000000000000000000000000000000",
    squad="Everybody",
    sms_enabled=False,
    name="Front desk",
    voice="vapi",
    restore_to=Handler.webhook("https://app.example.com/sms"),
    adopt=True,
    opts=pulumi.ResourceOptions(retain_on_delete=True),
)

# Inputs may be outputs of other resources.
later = VapiSmsNumber(
    "later",
    number=support.number,
    assistant=support.assistant_id,
    sms_enabled=support.answered_by.apply(bool),
    name=support.answered_by,
    adopt=pulumi.Output.from_input(val=True),
)

# Every way to say what comes back.
VapiSmsNumber("a", number="+14155550100", assistant="Support", restore_to=LEAVE_AT_VAPI)
VapiSmsNumber("b", number="+14155550100", assistant="Support", restore_to=Routing("https://app.example.com"))
VapiSmsNumber("c", number="+14155550100", assistant="Support", restore_to=support.original)
VapiSmsNumber("d", number="+14155550100", assistant="Support", restore_to=Handler.none())

# Every way to say who answers while Vapi fails.
VapiSmsNumber("e", number="+14155550100", assistant="Support", fallback="original")
VapiSmsNumber("f", number="+14155550100", assistant="Support", fallback=Handler.studio_flow(support.number))
VapiSmsNumber("g", number="+14155550100", assistant="Support", fallback="reply")  # type: ignore[arg-type] # no such word
VapiSmsNumber("h", number="+14155550100", assistant="Support", prove=Prove(before="Open?", within=300))
VapiSmsNumber("i", number="+14155550100", assistant="Support", prove=Prove(for_=3))  # type: ignore[call-arg] # no such field
VapiSmsNumber("j", number="+14155550100", assistant="Support", prove="always")  # type: ignore[arg-type] # no Prove
VapiSmsFleet("k", numbers={}, prove=Prove(within=300), waves=[1, "10%", "100%"], share="10%")

assert_type(support.number, pulumi.Output[str])
assert_type(support.twilio_sid, pulumi.Output[str])
assert_type(support.account_sid, pulumi.Output[str])
assert_type(support.vapi_id, pulumi.Output[str])
assert_type(support.org_id, pulumi.Output[str])
assert_type(support.assistant_id, pulumi.Output[str])
assert_type(support.squad_id, pulumi.Output[str])
assert_type(support.answered_by, pulumi.Output[str])
assert_type(support.texts_url, pulumi.Output[str])
assert_type(support.routing, pulumi.Output[Mapping[str, str]])
assert_type(support.original, pulumi.Output[Any])
assert_type(support.original_summary, pulumi.Output[str])

assert_type(
    Handler.webhook(
        "https://a.example.com", method="GET", fallback="https://b.example.com", fallback_method="GET"
    ),
    Routing,
)
assert_type(Handler.twiml_bin("EH00000000000000000000000000000000"), Routing)
assert_type(
    Handler.studio_flow(
        "FW00000000000000000000000000000000", account_sid="AC00000000000000000000000000000000"
    ),
    Routing,
)
assert_type(Handler.studio_flow("FW00000000000000000000000000000000", fallback=Handler.demo()), Routing)
assert_type(Handler.proxy("KS00000000000000000000000000000000"), Routing)
assert_type(Handler.function("https://orders-1234.twil.io/reply"), Routing)
assert_type(Handler.twiml_app("AP00000000000000000000000000000000"), Routing)
assert_type(Handler.none(), Routing)
assert_type(LEAVE_AT_VAPI, str)

# A Messaging Service that defers, and numbers that rely on it: by the resource, its output, or a SID.
us = MessagingServiceInbound("us", service="Campaigns", keep_others=True)
MessagingServiceInbound(
    "eu",
    service=support.answered_by,
    defer_to_sender=False,
    keep_others=pulumi.Output.from_input(val=True),
    opts=pulumi.ResourceOptions(retain_on_delete=True),
)
VapiSmsNumber("behind-a", number="+14155550100", assistant="Support", messaging_service=us)
VapiSmsNumber("behind-b", number="+14155550100", assistant="Support", messaging_service=us.service_sid)
VapiSmsNumber("behind-c", number="+14155550100", assistant="Support", messaging_service="MG" + "0" * 32)

assert_type(us.service_sid, pulumi.Output[str])
assert_type(us.account_sid, pulumi.Output[str])
assert_type(us.inbound, pulumi.Output[str])
assert_type(us.answers, pulumi.Output[Sequence[str]])
assert_type(us.original, pulumi.Output[Any])
assert_type(us.original_summary, pulumi.Output[str])

# Many numbers as one resource: entries are maps, and may hold outputs.
fleet = VapiSmsFleet(
    "fleet",
    numbers={
        "+14155550100": {"assistant": "Support", "on_remove": "leave", "protect": True},
        "+14155550101": {"assistant": support.assistant_id, "restore_to": support.original},
        "PN00000000000000000000000000000000": {},
    },
    defaults={"squad": "Everybody", "sms_enabled": False},
    opts=pulumi.ResourceOptions(retain_on_delete=True),
)
VapiSmsNumber("moved", number="+14155550100", assistant="Support", restore_to=fleet.original)

assert_type(fleet.numbers, pulumi.Output[Mapping[str, Any]])
assert_type(fleet.account_sid, pulumi.Output[str])
assert_type(fleet.org_id, pulumi.Output[str])
assert_type(fleet.original, pulumi.Output[Any])
assert_type(fleet.summary, pulumi.Output[Mapping[str, int]])
assert_type(fleet.texts_urls, pulumi.Output[Mapping[str, str]])

# Another account and org, as a provider; names of VapiAI/gitops; a fleet file.
there = account(
    "there",
    twilio_account_sid="AC00000000000000000000000000000000",
    twilio_auth_token=pulumi.Config().require_secret("token"),
    vapi_api_key=support.answered_by,
)
assert_type(there, pulumi.ProviderResource)
VapiSmsFleet("elsewhere", numbers=load_numbers("numbers.yaml"), opts=pulumi.ResourceOptions(provider=there))
assert_type(assistant_from_gitops("support", org="prod", folder=Path("assistants")), str)
assert_type(squad_from_gitops("front-desk", state_file=".vapi-state.prod.json"), str)

a_custom_resource: pulumi.CustomResource = support
another_custom_resource: pulumi.CustomResource = fleet
its_sibling: type[pulumi.CustomResource] = OriginalRoutings
a_service: pulumi.CustomResource = us
a_services_sibling: type[pulumi.CustomResource] = OriginalService

# Who answers without Vapi; SIDs and URLs of handlers may be outputs, and so may whole handlers.
prod = TwilioSmsRoute(
    "prod", number="+14155550101", handler=Handler.studio_flow("FW00000000000000000000000000000000")
)
TwilioSmsRoute("british", twilio_sid=support.twilio_sid, handler=Handler.function(support.answered_by))
TwilioSmsRoute(
    "short", short_code="894546", handler=Handler.webhook("https://a.example.com", fallback=prod.answered_by)
)
TwilioSmsRoute("later", number=support.number, handler=support.twilio_sid.apply(Handler.twiml_bin))
TwilioSmsRoute(
    "regulated",
    number="+447700900100",
    handler=Handler.twiml_app("AP00000000000000000000000000000000"),
    identity_sid="RI00000000000000000000000000000000",
    address_sid=support.answered_by,
    bundle_sid="BU00000000000000000000000000000000",
    restore_to=Handler.demo(),
    opts=pulumi.ResourceOptions(retain_on_delete=True),
)
TwilioSmsRoute(
    "moved", number="+14155550101", handler=Routing("https://a.example.com"), restore_to=prod.original
)
VapiSmsNumber("back", number="+14155550101", assistant="Support", restore_to=prod.original)

assert_type(prod.number, pulumi.Output[str])
assert_type(prod.twilio_sid, pulumi.Output[str])
assert_type(prod.account_sid, pulumi.Output[str])
assert_type(prod.answered_by, pulumi.Output[str])
assert_type(prod.routing, pulumi.Output[Mapping[str, str]])
assert_type(prod.original, pulumi.Output[Any])
assert_type(prod.original_summary, pulumi.Output[str])
a_route: pulumi.CustomResource = prod
account("twilio only", twilio_account_sid=prod.account_sid, twilio_auth_token=support.answered_by)

# Mistakes that a type checker finds.
VapiSmsNumber(resource_name="e", number="+14155550100", assistant="Support")  # type: ignore[call-arg] # positional
VapiSmsNumber("f", "+14155550100", "Support")  # type: ignore[call-arg] # by keyword only
VapiSmsNumber("g", number="+14155550100", assistant="Support", voice="off")  # type: ignore[arg-type] # keep or vapi
VapiSmsNumber("h", number="+14155550100", assistant="Support", sms="on")  # type: ignore[call-arg] # no such input
VapiSmsNumber("i", number=14155550100, assistant="Support")  # type: ignore[arg-type] # a text
VapiSmsFleet("j", {"+14155550100": {"assistant": "Support"}})  # type: ignore[call-arg] # by keyword only
VapiSmsFleet("k", numbers=["+14155550100"])  # type: ignore[arg-type] # a map of options for each number
Handler.webhook()  # type: ignore[call-arg] # which one?
account("j", twilio_auth_token=support.answered_by)  # type: ignore[call-arg] # of which Twilio account?
TwilioSmsRoute("l", number="+14155550100")  # type: ignore[call-arg] # who is to answer?
TwilioSmsRoute("m", number="+14155550100", handler="demo")  # type: ignore[arg-type] # a Routing

# Outputs that there are not: a misspelled one is no Any.
_ = support.answerd_by  # type: ignore[attr-defined] # did you mean answered_by?
_ = fleet.answered_by  # type: ignore[attr-defined] # of each number, in numbers
_ = prod.vapi_id  # type: ignore[attr-defined] # a route has nothing to do with Vapi
_ = us.answered_by  # type: ignore[attr-defined] # inbound, and answers
_ = OriginalRoutings.original  # type: ignore[attr-defined] # originals
