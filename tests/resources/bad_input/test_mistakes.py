"""Every mistake is one clear line, at preview where it can be known, and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.one_line import (
    DOES_NOT_EXIST,
    E164,
    ELSEWHERE,
    LATELY_DELETED,
    NOBODYS,
    ONE_ANSWER,
    ONE_KIND,
    SHARED,
    US_ONLY,
    WAYS,
    fit,
    refused,
)
from tests.resources.provider import Props, Provider, ProviderError
from tests.resources.stack import Refused, Stack
from tests.sandbox.world import (
    AC,
    BRITISH,
    CANADIAN,
    HIDDEN,
    IN_OTHER,
    IN_SUB,
    MG,
    SQUAD,
    VOICE_ONLY,
    WEBHOOK,
    seed,
)

MISTAKES: list[tuple[str, Props, str]] = [
    # The number.
    ("as on a card", {"number": "(415) 555-0100"}, f"'(415) 555-0100' {E164}: write \"+14155550100\""),
    ("without +1", {"number": "4155550100"}, f"'4155550100' {E164}: write \"+14155550100\""),
    ("without +", {"number": "14155550100"}, f"'14155550100' {E164}: write \"+14155550100\""),
    ("with blanks", {"number": "+1 415 555 0100"}, f"'+1 415 555 0100' {E164}: write \"+14155550100\""),
    ("as a URI", {"number": "tel:+14155550100"}, f"'tel:+14155550100' {E164}: write \"+14155550100\""),
    ("in other digits", {"number": "+١٤١٥٥٥٥٠١٠٠"}, f"'+١٤١٥٥٥٥٠١٠٠' {E164}: write it like \"+14155550100\""),
    ("empty", {"number": ""}, f"'' {E164}: write it like \"+14155550100\""),
    ("as an integer", {"number": 14155550100}, "number must be a string"),
    ("too short", {"number": "+1415555"}, f"+1415555 {DOES_NOT_EXIST}"),
    ("no area code", {"number": "+11234567890"}, f"+11234567890 {DOES_NOT_EXIST}"),
    ("no country", {"number": "+999123456789"}, f"+999123456789 {DOES_NOT_EXIST}"),
    ("a service of carriers", {"number": "+19115550100"}, f"+19115550100 {DOES_NOT_EXIST}"),
    ("no known area code", {"number": "+15555550100"}, f"+15555550100 {ELSEWHERE}"),
    (
        "a spreadsheet's",
        {"number": "+14155550100.0"},
        f"'+14155550100.0' {E164}: a spreadsheet wrote it as a decimal number: write \"+14155550100\"",
    ),
    ("Canadian", {"number": CANADIAN}, f"{CANADIAN} is a number of Canada (CA), {US_ONLY} {SHARED}"),
    ("Jamaican", {"number": "+18765230100"}, f"+18765230100 is a number of Jamaica (JM), {US_ONLY} {SHARED}"),
    (
        "Puerto Rican",
        {"number": "+17872345678"},
        f"+17872345678 is a number of Puerto Rico (PR), {US_ONLY} {SHARED}",
    ),
    (
        "British",
        {"number": "+442079460100"},
        f"+442079460100 is a number of GB, {US_ONLY}: declare a US number",
    ),
    ("a British example", {"number": BRITISH}, f"{BRITISH} {DOES_NOT_EXIST}"),
    ("of nobody", {"number": "+12125550999"}, f"+12125550999 {ELSEWHERE}"),
    ("of another account", {"number": IN_OTHER}, f"{IN_OTHER} {ELSEWHERE}"),
    ("of a subaccount", {"number": IN_SUB}, f"{IN_SUB} {ELSEWHERE}"),
    (
        "not for texts",
        {"number": VOICE_ONLY},
        (
            f"{VOICE_ONLY} cannot receive texts (Twilio shows no SMS capability): declare a number that can, or "
            "sms_enabled=False"
        ),
    ),
    (
        "hidden by a service",
        {"number": HIDDEN},
        (
            f"{HIDDEN} is in Messaging Service Service ({MG}), which handles texts itself and hides the number's own "
            "webhook: Vapi would never see a text. Declare a MessagingServiceInbound for it and write "
            "messaging_service= here; or in Twilio's Console set the service's Integration to 'Defer to "
            "sender's webhook', or take the number out of it"
        ),
    ),
    # Its SID.
    ("neither", {}, f"write {ONE_KIND}, exactly one: neither was given"),
    ("both", {"number": WEBHOOK, "twilio_sid": NOBODYS}, f"write {ONE_KIND}, exactly one: both were given"),
    ("SID of nobody", {"twilio_sid": NOBODYS}, f"{NOBODYS} {ELSEWHERE}"),
    (
        "short SID",
        {"twilio_sid": "PN123"},
        "'PN123' is not a phone number's SID: write PN and 32 hex digits",
    ),
    (
        "number as SID",
        {"twilio_sid": WEBHOOK},
        f"'{WEBHOOK}' is not a phone number's SID: write PN and 32 hex digits",
    ),
    (
        "service's SID",
        {"twilio_sid": MG},
        f"'{MG}' is not a phone number's SID: write PN and 32 hex digits",
    ),
    (
        "short code's SID",
        {"twilio_sid": "SC" + "a" * 32},
        f"SC{'a' * 32} is a short code, which Vapi cannot import: declare a phone number (PN...)",
    ),
    # Who answers.
    (
        "nobody answers",
        {"number": WEBHOOK, "assistant": None},
        f"write {ONE_ANSWER}, exactly one: neither was given",
    ),
    (
        "both answer",
        {"number": WEBHOOK, "squad": "Everybody"},
        f"write {ONE_ANSWER}, exactly one: both were given",
    ),
    (
        "unknown assistant",
        {"number": WEBHOOK, "assistant": "Nobody"},
        "no assistant of this Vapi org is named 'Nobody' (there are: Sales, Support)",
    ),
    (
        "another case",
        {"number": WEBHOOK, "assistant": "support"},
        "no assistant of this Vapi org is named 'support' (there are: Sales, Support)",
    ),
    ("empty assistant", {"number": WEBHOOK, "assistant": ""}, "assistant must not be empty"),
    (
        "deleted assistant",
        {"number": WEBHOOK, "assistant": LATELY_DELETED},
        f"no assistant of this Vapi org has the id {LATELY_DELETED}: was it deleted, or is it in another org?",
    ),
    (
        "squad as assistant",
        {"number": WEBHOOK, "assistant": SQUAD},
        f"no assistant of this Vapi org has the id {SQUAD}: was it deleted, or is it in another org?",
    ),
    (
        "unknown squad",
        {"number": WEBHOOK, "assistant": None, "squad": "Nobody"},
        "no squad of this Vapi org is named 'Nobody' (there are: Everybody)",
    ),
    # Wrong types and options; a text is what phones send, so a str is called a string.
    ("assistant 7", {"number": WEBHOOK, "assistant": 7}, "assistant must be a string"),
    ("squads", {"number": WEBHOOK, "assistant": None, "squad": ["x"]}, "squad must be a string"),
    ("name 5", {"number": WEBHOOK, "name": 5}, "name must be a string"),
    (
        "long name",
        {"number": WEBHOOK, "name": "x" * 41},
        "name is longer than 40 characters, which is the most that Vapi takes",
    ),
    ("texts yes", {"number": WEBHOOK, "sms_enabled": "yes"}, "sms_enabled must be True or False"),
    ("texts 1", {"number": WEBHOOK, "sms_enabled": 1}, "sms_enabled must be True or False"),
    ("adopt yes", {"number": WEBHOOK, "adopt": "yes"}, "adopt must be True or False"),
    ("voice robot", {"number": WEBHOOK, "voice": "robot"}, "voice must be 'keep' or 'vapi'"),
    ("voice 3", {"number": WEBHOOK, "voice": 3}, "voice must be 'keep' or 'vapi'"),
    (
        "typing error",
        {"number": WEBHOOK, "asistant": "Support"},
        "there is no option asistant: did you mean assistant?",
    ),
    (
        "three at once",
        {"number": WEBHOOK, "name": "x" * 41, "sms_enabled": "yes", "voice": "no"},
        (
            "sms_enabled must be True or False; name is longer than 40 characters, which is the most that Vapi takes; "
            "voice must be 'keep' or 'vapi'"
        ),
    ),
]


RESTORE_TO: list[tuple[str, Any, str]] = [
    ("a URL", "https://old.example/sms?token=url-canary", f"restore_to is malformed: {WAYS}"),
    ("a number", 5, f"restore_to is malformed: {WAYS}"),
    ("a list", [], f"restore_to is malformed: {WAYS}"),
    ("nothing in it", {}, f"restore_to is malformed: {WAYS}"),
    ("unknown field", {"uri": "https://x.example"}, f"restore_to has no field 'uri': {WAYS}"),
    (
        "a Bin that is none",
        {"url": "https://handler.twilio.com/twiml/EH12"},
        "restore_to is malformed: its url at handler.twilio.com names no TwiML Bin: write EH and 32 hex digits",
    ),
    ("URL 5", {"url": 5}, f"restore_to is malformed, its fields are texts: {WAYS}"),
    (
        "no scheme",
        {"url": "old.example/sms?token=url-canary"},
        "restore_to is malformed: its url is not an absolute http(s) URL",
    ),
    ("no host", {"url": "https://"}, "restore_to is malformed: its url is not an absolute http(s) URL"),
    (
        "no SID",
        {"applicationSid": "url-canary"},
        "restore_to is malformed: its application_sid is not a TwiML App's SID: write AP and 32 hex digits",
    ),
    (
        "method PUT",
        {"url": "https://x.example", "method": "PUT"},
        "restore_to is malformed: its methods are GET or POST",
    ),
    (
        "only a fallback",
        {"fallbackUrl": "https://x.example"},
        "restore_to is malformed: Twilio takes no fallback_url without a url",
    ),
    (
        "Vapi",
        {"url": "https://api.vapi.ai/twilio/sms"},
        (
            "restore_to is Vapi's own URL, which says nothing about who answered before: write "
            "restore_to=LEAVE_AT_VAPI "
            "to leave texts there"
        ),
    ),
    (
        "an address of Vapi's that takes no texts",
        {"url": "https://api.vapi.ai/twilio/incoming-sms"},
        (
            "restore_to is an address at Vapi that is not known to answer texts, which says nothing about who "
            "answered before: write restore_to=LEAVE_AT_VAPI to leave texts there"
        ),
    ),
    (
        "Studio's executions",
        {"url": f"https://studio.twilio.com/v2/Flows/FW{'a' * 32}/Executions"},
        (
            "restore_to is malformed: its url is a Studio Executions URL, which does not work as a webhook: write the "
            "Flow's own, as Handler.studio_flow does"
        ),
    ),
    ("half a record", {NOBODYS: {"messaging": {}}}, f"restore_to is malformed: {WAYS}"),
    (
        "another number's record",
        {NOBODYS: {"sid": NOBODYS, "number": "+14155559999", "accountSid": AC, "messaging": {}, "voice": {}}},
        (
            f"restore_to holds no original of {WEBHOOK}: pass the `original` output of the resource that owned this "
            "number, and keep the number declared there until this `pulumi up` is through"
        ),
    ),
]


@pytest.mark.parametrize(
    ("declared", "line"), [each[1:] for each in MISTAKES], ids=[each[0] for each in MISTAKES]
)
@pytest.mark.usefixtures("quiet")
def test_a_mistake_is_one_line_at_preview(shared: Provider, declared: Props, line: str) -> None:
    """What is written wrongly is said in the words of the program, and nothing is written to anybody."""
    assert refused(Stack(shared), **{"assistant": "Support", **declared}) == line


# The sibling is told of a number as a key, which is a string whatever was written.
AT_UP = [each for each in MISTAKES if each[0] != "as an integer"]


@pytest.mark.parametrize(("declared", "line"), [each[1:] for each in AT_UP], ids=[each[0] for each in AT_UP])
@pytest.mark.usefixtures("quiet")
def test_a_mistake_is_the_same_line_where_nobody_previewed(
    shared: Provider, declared: Props, line: str
) -> None:
    """`up --skip-preview` creates the sibling before it checks the number: it ends in the same words."""
    stack = Stack(shared)

    with pytest.raises((Refused, ProviderError)) as caught:
        stack.up(**{"assistant": "Support", **declared})

    assert fit(str(caught.value)).removeprefix("VapiSms: ") == line
    assert "number" not in stack.state


@pytest.mark.parametrize(
    ("value", "line"), [each[1:] for each in RESTORE_TO], ids=[each[0] for each in RESTORE_TO]
)
@pytest.mark.usefixtures("quiet")
def test_a_malformed_restore_to_is_refused_without_its_value(
    shared: Provider, value: object, line: str
) -> None:
    """A routing that could not be put back later is refused now; its URLs may hold secrets, so none is shown."""
    assert refused(Stack(shared), number=WEBHOOK, assistant="Support", restore_to=value) == line


def test_the_seed_of_these_tests_is_whole() -> None:
    """The numbers that are refused for one reason are fit in all others."""
    account = seed()["twilio"]["accounts"][0]

    assert {CANADIAN, BRITISH, HIDDEN, VOICE_ONLY} <= {each["phone_number"] for each in account["numbers"]}
