"""Every mistake and every trouble is one clear line, at preview where it can be known, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn, env_of
from tests.resources.evidence import asked, same_for_all, standing, written
from tests.resources.provider import UNKNOWN, Props, Provider, ProviderError
from tests.resources.stack import Refused, Stack
from tests.sandbox.world import (
    AC,
    BRITISH,
    CANADIAN,
    HIDDEN,
    IN_OTHER,
    IN_SUB,
    KEY,
    KEY_SECRET,
    MG,
    ORG,
    ORG2,
    SQUAD,
    SUB,
    SUPPORT,
    TOKEN,
    VOICE_ONLY,
    WEBHOOK,
    seed,
)

NOBODYS = "PN" + "0" * 32
LATELY_DELETED = "a5000000-0000-4000-8000-00000000dead"
ONE_KIND = "number= or twilio_sid="
ONE_ANSWER = "assistant= or squad="
WAYS = (
    "write a Routing, such as Handler.webhook(url), or LEAVE_AT_VAPI, or another resource's `original` output"
)
E164 = "is not in E.164 form (+, country code, digits, nothing else)"
US_ONLY = "and Vapi answers texts of US numbers only"
SHARED = "(+1 is shared by the US, Canada and the Caribbean): declare a US number"
ELSEWHERE = (
    "is not a number of this Twilio account: check the number, and that the credentials are those of the account "
    "(or subaccount) that owns it"
)
DOES_NOT_EXIST = "is not a phone number that exists: check its digits in Twilio's Console"


def refused(stack: Stack, **declared: Any) -> str:  # noqa: ANN401 whatever a program writes
    """Preview; return the one line that refuses it, which shows no secret and names no property of ours."""
    with pytest.raises(Refused) as caught:
        stack.preview(**declared)
    (failure,) = caught.value.failures
    assert not failure.property, "the engine would print this property's value"
    return _fit(failure.reason)


def failed(stack: Stack, **declared: Any) -> str:  # noqa: ANN401 the same
    """Run `up`; return the one line that it fails with."""
    with pytest.raises(ProviderError) as caught:
        stack.up(**declared)
    return _fit(str(caught.value)).removeprefix("VapiSms: ")


def _fit(line: str) -> str:
    assert "\n" not in line
    assert "canary" not in line
    return same_for_all(line)


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


@pytest.fixture
def quiet(calm: RunningSandbox) -> Iterator[RunningSandbox]:
    """Return the shared sandbox; fail when a test changed or wrote anything."""
    calm.clear_faults()
    since, before = max((entry["n"] for entry in calm.journal()), default=0), calm.routing_snapshot()

    yield calm

    calm.clear_faults()
    assert written(calm, since) == []
    assert calm.routing_snapshot() == before


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

    assert _fit(str(caught.value)).removeprefix("VapiSms: ") == line
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


UNKNOWNS: list[Props] = [
    {"number": UNKNOWN},
    {"number": None, "twilio_sid": UNKNOWN},
    {"assistant": UNKNOWN},
    {"assistant": None, "squad": UNKNOWN},
    {"sms_enabled": UNKNOWN},
    {"name": UNKNOWN},
    {"voice": UNKNOWN},
    {"adopt": UNKNOWN},
    {"restore_to": UNKNOWN},
    {"restore_to": {"url": UNKNOWN, "method": "POST"}},
    {"restore_to": {NOBODYS: {"messaging": {"url": UNKNOWN}}}},
    {"number": UNKNOWN, "assistant": UNKNOWN, "sms_enabled": UNKNOWN, "name": UNKNOWN, "voice": UNKNOWN},
]


@pytest.mark.parametrize(
    "unknown", UNKNOWNS, ids=[f"{n}-{','.join(each)}" for n, each in enumerate(UNKNOWNS)]
)
@pytest.mark.usefixtures("quiet")
def test_what_is_not_known_yet_is_no_mistake(shared: Provider, unknown: Props) -> None:
    """An Output that no resource has filled yet passes preview, alone, nested, or with all others."""
    planned = Stack(shared).preview(**{"number": WEBHOOK, "assistant": "Support", **unknown})

    assert planned == {"originals": "create", "number": "create"}


@pytest.mark.usefixtures("quiet")
def test_what_is_unknown_stays_unknown(shared: Provider) -> None:
    """Check passes an unknown input on as it came, and computes nothing from it."""
    stack = Stack(shared)

    checked = stack.checked("number", stack.number_props(UNKNOWN, number=WEBHOOK, assistant=UNKNOWN))

    assert checked["assistant"] == checked["original"] == UNKNOWN
    assert "assistantId" not in checked
    assert "answeredBy" not in checked
    assert checked["twilioSid"].startswith("PN")


@pytest.mark.parametrize(
    ("declared", "line"),
    [
        (
            {"number": UNKNOWN, "name": "x" * 41},
            "name is longer than 40 characters, which is the most that Vapi takes",
        ),
        (
            {"number": UNKNOWN, "assistant": "Nobody"},
            "no assistant of this Vapi org is named 'Nobody' (there are: Sales, Support)",
        ),
        ({"assistant": UNKNOWN, "number": "+12125550999"}, f"+12125550999 {ELSEWHERE}"),
        (
            {"assistant": UNKNOWN, "squad": "Everybody"},
            f"write {ONE_ANSWER}, exactly one: both were given",
        ),
        ({"twilio_sid": UNKNOWN}, f"write {ONE_KIND}, exactly one: both were given"),
    ],
    ids=["name", "assistant", "number", "squad", "SID"],
)
@pytest.mark.usefixtures("quiet")
def test_what_is_known_is_judged_beside_what_is_not(shared: Provider, declared: Props, line: str) -> None:
    """One unknown input does not let another one's mistake through."""
    assert refused(Stack(shared), **{"number": WEBHOOK, "assistant": "Support", **declared}) == line


TWILIO_WAYS = (
    "set TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or with TWILIO_API_KEY and TWILIO_API_SECRET (config: "
    "twilio:accountSid with twilio:authToken, or with twilio:apiKey and twilio:apiSecret)"
)
LOGIN_REFUSED = (
    "Authenticate (Twilio 20003, request RQ...). Check TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or with "
    "TWILIO_API_KEY and TWILIO_API_SECRET (config: twilio:accountSid, twilio:authToken, twilio:apiKey, "
    "twilio:apiSecret): a wrong or revoked key, another account's and another region's all look like this."
)
CREDENTIALS: list[tuple[str, dict[str, str | None], str]] = [
    (
        "nothing for Twilio",
        {"TWILIO_AUTH_TOKEN": None},
        f"Vapi's key is given, but nothing to reach Twilio with: {TWILIO_WAYS}",
    ),
    (
        "nothing for Vapi",
        {"VAPI_API_KEY": None},
        (
            "Twilio's credentials are given, but no key of Vapi's: set VAPI_API_KEY (config: vapi:apiKey) to the "
            "private key of your Vapi org"
        ),
    ),
    ("no account", {"TWILIO_ACCOUNT_SID": None}, f"no Twilio account is named: {TWILIO_WAYS}"),
    (
        "token as account",
        {"TWILIO_ACCOUNT_SID": TOKEN},
        "TWILIO_ACCOUNT_SID is not an account's SID: write AC and 32 hex digits",
    ),
    (
        "key and token",
        {"TWILIO_API_KEY": KEY, "TWILIO_API_SECRET": KEY_SECRET},
        "TWILIO_AUTH_TOKEN and TWILIO_API_KEY or its secret are both given: unset one",
    ),
    (
        "half a key",
        {"TWILIO_AUTH_TOKEN": None, "TWILIO_API_KEY": KEY},
        "TWILIO_API_KEY is given without TWILIO_API_SECRET: an API key needs both",
    ),
    (
        "the other half",
        {"TWILIO_AUTH_TOKEN": None, "TWILIO_API_SECRET": KEY_SECRET},
        "TWILIO_API_SECRET is given without TWILIO_API_KEY: an API key needs both",
    ),
    (
        "key and secret swapped",
        {"TWILIO_AUTH_TOKEN": None, "TWILIO_API_KEY": KEY_SECRET, "TWILIO_API_SECRET": KEY},
        "TWILIO_API_KEY is not an API key's SID: write SK and 32 hex digits",
    ),
    (
        "half a key for Vapi",
        {"VAPI_TWILIO_API_KEY": KEY},
        "VAPI_TWILIO_API_KEY is given without VAPI_TWILIO_API_SECRET: an API key needs both",
    ),
    (
        "wrong token",
        {"TWILIO_AUTH_TOKEN": "wrong-canary"},
        f"Looking for {WEBHOOK} in account {AC}: {LOGIN_REFUSED}",
    ),
    (
        "token of the parent",
        {"TWILIO_ACCOUNT_SID": SUB},
        f"Looking for {WEBHOOK} in account {SUB}: {LOGIN_REFUSED}",
    ),
    (
        "wrong key at Vapi",
        {"VAPI_API_KEY": "wrong-canary"},
        (
            "Listing the phone numbers of the Vapi org: Invalid Key. Hot tip, you may be using the private key instead "
            "of the public key, or vice versa (Vapi HTTP 401). Check VAPI_API_KEY (config: vapi:apiKey): "
            "Vapi wants the "
            "org's private key, not the public one, and a key of the EU works with "
            "VAPI_BASE_URL=https://api.eu.vapi.ai only."
        ),
    ),
    (
        "another region",
        {"TWILIO_REGION": "ie1", "TWILIO_BASE_URL": None},
        "TWILIO_REGION is 'ie1', and Vapi is reached by numbers in us1 only: unset it",
    ),
    (
        "no address",
        {"TWILIO_BASE_URL": "twilio.example"},
        "TWILIO_BASE_URL is not an address: write http:// or https://, a host, and no password or query",
    ),
    (
        "nobody at Twilio's address",
        {"TWILIO_BASE_URL": "http://127.0.0.1:9"},
        (
            f"Looking for {WEBHOOK} in account {AC}: no connection to 127.0.0.1:9. Check the network and "
            "TWILIO_BASE_URL (config: twilio:baseUrl), then run the same command again."
        ),
    ),
    (
        "nobody at Vapi's address",
        {"VAPI_BASE_URL": "http://127.0.0.1:9"},
        (
            "Listing the phone numbers of the Vapi org: no connection to 127.0.0.1:9 ([Errno 111] Connection refused). "
            "Check the network and VAPI_BASE_URL (config: vapi:baseUrl), then run the same command again."
        ),
    ),
]


@pytest.mark.parametrize(
    ("changes", "line"), [each[1:] for each in CREDENTIALS], ids=[each[0] for each in CREDENTIALS]
)
def test_credentials_that_do_not_fit_are_one_line_at_preview(
    quiet: RunningSandbox, changes: dict[str, str | None], line: str
) -> None:
    """The line names the variable and its key in the configuration, and never a value that may be a secret."""
    usual = {**env_of(quiet), "VAPI_SMS_PATIENCE_SECONDS": "0"}
    env = {name: value for name, value in {**usual, **changes}.items() if value is not None}

    with Provider(env) as provider:
        assert refused(Stack(provider), number=WEBHOOK, assistant="Support") == line


def test_without_credentials_preview_shows_inputs_and_says_so_once(quiet: RunningSandbox) -> None:
    """Someone who holds no keys can preview; `up` fails in one line and asks nobody."""
    since = len(asked(quiet))
    env = {name: value for name, value in env_of(quiet).items() if name.endswith("URL")}
    with Provider(env) as provider:
        stack = Stack(provider)

        planned = stack.preview(number=WEBHOOK, assistant="Support")
        line = failed(stack, number=WEBHOOK, assistant="Support")

        assert planned == {"originals": "create", "number": "create"}
        assert provider.stderr() == [
            (
                "vapi-sms: no Twilio and Vapi credentials here, so this shows inputs only: who answers texts "
                "now, drift "
                "and refusals are not known until a preview with credentials."
            )
        ]
    assert line == (
        f"no credentials for {WEBHOOK}: set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and "
        "TWILIO_API_SECRET) and VAPI_API_KEY, or the stack's twilio:accountSid, twilio:authToken and vapi:apiKey"
    )
    assert len(asked(quiet)) == since


def test_without_credentials_mistakes_are_still_told(quiet: RunningSandbox) -> None:
    """What needs no vendor to judge is judged."""
    env = {name: value for name, value in env_of(quiet).items() if name.endswith("URL")}
    with Provider(env) as provider:
        line = refused(Stack(provider), number="4155550100", assistant="Support")
        restored = refused(Stack(provider), number=WEBHOOK, assistant="Support", restore_to=5)

    assert line == f"'4155550100' {E164}: write \"+14155550100\""
    assert restored == f"restore_to is malformed: {WAYS}"


LISTING = f"Listing the numbers of account {AC}"
TWILIO_TROUBLE: list[tuple[str, Props, str]] = [
    (
        "429",
        {"status": 429},
        (
            "too many requests at once: Too Many Requests (Twilio 20429, request RQ...). Wait, then run the "
            "same command "
            "again."
        ),
    ),
    (
        "500",
        {"status": 500},
        (
            "Twilio failed: Internal Server Error (Twilio 20500, request RQ...). See status.twilio.com, "
            "then run the same "
            "command again."
        ),
    ),
    (
        "403",
        {"status": 403},
        (
            "Forbidden (Twilio 20003, request RQ...). The key may not do this: it needs to read and update "
            "phone numbers, "
            "and to read TwiML Apps and Messaging Services."
        ),
    ),
    (
        "a page",
        {"body": "<html>Hello</html>"},
        (
            "the answer is not a JSON object (request RQ...). Check TWILIO_BASE_URL (config: twilio:baseUrl): is this "
            "Twilio?"
        ),
    ),
    (
        "a page that is not found",
        {"body": "<html>No</html>", "status": 404},
        (
            "no reason is given (Twilio HTTP 404, request RQ...). Check TWILIO_BASE_URL (config: "
            "twilio:baseUrl): Twilio "
            "itself gives a code."
        ),
    ),
    (
        "cut short",
        {"truncate": 40},
        (
            "the answer is not a JSON object (request RQ...). Check TWILIO_BASE_URL (config: twilio:baseUrl): is this "
            "Twilio?"
        ),
    ),
    (
        "fields missing",
        {"body": {"incoming_phone_numbers": [{"sid": "PN1", "auth_token": "x-canary"}]}},
        (
            "the answer lacks what Twilio promises: account_sid, phone_number, capabilities. Check TWILIO_BASE_URL "
            "(config: twilio:baseUrl): is this Twilio?"
        ),
    ),
    (
        "hung up",
        {"drop": "before"},
        (
            "127.0.0.1:PORT closed the connection without a whole answer. Check the network and "
            "TWILIO_BASE_URL (config: "
            "twilio:baseUrl), then run the same command again."
        ),
    ),
    (
        "silent",
        {"delay_ms": 2600},
        (
            "127.0.0.1:PORT did not answer within 2 s. Check the network and TWILIO_BASE_URL (config: "
            "twilio:baseUrl), "
            "then run the same command again."
        ),
    ),
]
VAPI_TROUBLE: list[tuple[str, Props, str]] = [
    (
        "429",
        {"status": 429},
        (
            "Listing the phone numbers of the Vapi org: too many requests at once: Too Many Requests (Vapi HTTP 429). "
            "Wait, then run the same command again."
        ),
    ),
    (
        "503",
        {"status": 503},
        (
            "Listing the phone numbers of the Vapi org: Vapi failed: Service Unavailable (Vapi HTTP 503). See "
            "status.vapi.ai, then run the same command again."
        ),
    ),
    (
        "a page",
        {"body": "<html>Hello</html>"},
        (
            "Listing the phone numbers of the Vapi org: the answer is not JSON (Vapi HTTP 200). Check VAPI_BASE_URL "
            "(config: vapi:baseUrl): is this Vapi?"
        ),
    ),
    (
        "a page that is not found",
        {"body": "<html>No</html>", "status": 404},
        (
            "Listing the phone numbers of the Vapi org: no reason is given (Vapi HTTP 404). Check "
            "VAPI_BASE_URL (config: "
            "vapi:baseUrl): is this Vapi?"
        ),
    ),
    (
        "another shape",
        {"body": {"numbers": []}},
        (
            "GET /v2/phone-number: the answer lacks what Vapi promises: results, metadata. Check "
            "VAPI_BASE_URL (config: "
            "vapi:baseUrl): is this Vapi?"
        ),
    ),
    (
        "fields missing",
        {
            "body": {
                "results": [{"provider": "twilio", "twilioAuthToken": "x-canary"}],
                "metadata": {"totalItems": 1},
            }
        },
        (
            "GET /v2/phone-number: the answer lacks what Vapi promises: id, orgId, number, twilioAccountSid. Check "
            "VAPI_BASE_URL (config: vapi:baseUrl): is this Vapi?"
        ),
    ),
    (
        "hung up",
        {"drop": "before"},
        (
            "Listing the phone numbers of the Vapi org: 127.0.0.1:PORT closed the connection without a whole answer. "
            "Check the network and VAPI_BASE_URL (config: vapi:baseUrl), then run the same command again."
        ),
    ),
    (
        "silent",
        {"delay_ms": 2600},
        (
            "Listing the phone numbers of the Vapi org: 127.0.0.1:PORT did not answer within 2 s. Check "
            "the network and "
            "VAPI_BASE_URL (config: vapi:baseUrl), then run the same command again."
        ),
    ),
]

Troubled = Callable[[str, Props], Provider]


@pytest.fixture(scope="module")
def troubled(calm: RunningSandbox) -> Iterator[Troubled]:
    """Start one process for each vendor, and one for each outage, since a process remembers that a vendor is down."""
    started: dict[str, Provider] = {}

    def start(vendor: str, fault: Props) -> Provider:
        is_outage = fault.get("status", 0) >= 429 or bool(fault.keys() & {"drop", "delay_ms"})
        key = f"{vendor} {fault if is_outage else ''}"
        if key not in started:
            env = {**env_of(calm), "VAPI_SMS_PATIENCE_SECONDS": "0", "VAPI_SMS_TIMEOUT_SECONDS": "2"}
            started[key] = Provider(env)
            # The first number is looked up by itself, and so all others are lists.
            calm.fault(vendor=vendor, status=403, count=None)
            refused(Stack(started[key]), number=WEBHOOK, assistant="Support")
            calm.clear_faults()
        return started[key]

    yield start

    for provider in started.values():
        provider.stop()


@pytest.mark.parametrize(
    ("vendor", "fault", "line"),
    [("twilio", fault, f"{LISTING}: {line}") for _, fault, line in TWILIO_TROUBLE]
    + [("vapi", fault, line) for _, fault, line in VAPI_TROUBLE],
    ids=[f"Twilio {each[0]}" for each in TWILIO_TROUBLE] + [f"Vapi {each[0]}" for each in VAPI_TROUBLE],
)
def test_trouble_that_does_not_end_is_one_line_at_preview(
    quiet: RunningSandbox, troubled: Troubled, vendor: str, fault: Props, line: str
) -> None:
    """Whatever a vendor does instead of answering: what we asked, what came, what to do."""
    provider = troubled(vendor, fault)
    quiet.fault(vendor=vendor, count=None, **fault)

    assert refused(Stack(provider), number=WEBHOOK, assistant="Support") == line


def test_a_list_under_another_name_is_not_an_empty_account(quiet: RunningSandbox) -> None:
    """An answer that lacks its list says nothing about the numbers, least of all that they are gone."""
    quiet.fault(vendor="twilio", count=None, body={"numbers": []})

    with Provider(env_of(quiet)) as provider:
        line = refused(Stack(provider), number=WEBHOOK, assistant="Support")

    assert line == (
        f"Looking for {WEBHOOK} in account {AC}: the answer does not have Twilio's shape (request RQ...). Check "
        "TWILIO_BASE_URL (config: twilio:baseUrl): is this Twilio?"
    )


def test_a_name_that_two_assistants_have_asks_for_an_id(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Both ids are named, so that one can be copied."""
    twin = SUPPORT.replace("0001", "0009")
    sandbox.outside_vapi("create", kind="assistant", id=twin, org=ORG, set={"name": "Support"})

    line = refused(Stack(spawn()), number=WEBHOOK, assistant="Support")

    assert line == f"2 assistants are named 'Support': write one of their ids ({SUPPORT}, {twin})"
    assert written(sandbox) == []


def test_assistants_that_do_not_fit_into_a_line_are_counted(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """Where there are many, the line does not claim that those it names are all."""
    for n in range(20):
        identifier = f"a5000000-0000-4000-8000-0000000001{n:02}"
        sandbox.outside_vapi("create", kind="assistant", id=identifier, org=ORG, set={"name": f"Bot {n:02}"})

    line = refused(Stack(spawn()), number=WEBHOOK, assistant="Nobody")

    named = ", ".join(f"Bot {n:02}" for n in range(10))
    assert line == f"no assistant of this Vapi org is named 'Nobody' (there are: {named}, and 12 more)"


def test_a_number_that_somebody_imported_is_refused_at_preview(sandbox: RunningSandbox, stack: Stack) -> None:
    """The record in Vapi is named, and both ways out."""
    record = _imported(sandbox, org=ORG)
    before = standing(sandbox)

    line = refused(stack, number=WEBHOOK, assistant="Support")

    assert line == (
        f"{WEBHOOK} is already in this Vapi org as {record['id']}, imported by somebody else: write adopt=True to take "
        "it over (its Vapi settings are put back on destroy), or delete it in Vapi first"
    )
    assert standing(sandbox) == before
    assert written(sandbox) == []


def test_a_number_of_another_org_fails_in_one_line_and_leaves_all_as_it_was(
    sandbox: RunningSandbox, stack: Stack
) -> None:
    """No preview can know it: the org is asked for the first time by the import."""
    _imported(sandbox, org=ORG2)
    before = standing(sandbox)

    line = failed(stack, number=WEBHOOK, assistant="Support")

    assert line.startswith(f"{WEBHOOK}: Importing {WEBHOOK} into Vapi: ")
    assert line.endswith(
        "Vapi holds a number in one org only: delete it in the org that has it (Vapi dashboard, Phone Numbers), or use "
        "that org's key. Nothing was changed."
    )
    assert standing(sandbox) == before
    assert list(stack.state) == ["originals"]


def test_a_number_that_vapi_cannot_see_fails_in_one_line(sandbox: RunningSandbox, spawn: Spawn) -> None:
    """What Vapi is given may be a key of its own, so those variables are named."""
    sandbox.fault(vendor="vapi", method="POST", status=400, body={"message": "Number Not Found on Twilio."})
    before = standing(sandbox)

    line = failed(Stack(spawn()), number=WEBHOOK, assistant="Support")

    assert line == (
        f"{WEBHOOK}: Importing {WEBHOOK} into Vapi: Number Not Found on Twilio (Vapi HTTP 400). The credentials that "
        "Vapi is given do not see this number: check VAPI_TWILIO_API_KEY and VAPI_TWILIO_API_SECRET (config: "
        "vapi:twilioApiKey, vapi:twilioApiSecret) if you set them, else the Twilio account. Nothing was changed."
    )
    assert standing(sandbox) == before


def test_an_app_that_is_not_there_cannot_be_restored_to(sandbox: RunningSandbox, stack: Stack) -> None:
    """A TwiML App that destroy could not put back is refused at preview, when it can still be corrected."""
    gone = "AP" + "0" * 32

    line = refused(stack, number=WEBHOOK, assistant="Support", restore_to={"applicationSid": gone})

    assert line == (
        f"restore_to names TwiML App {gone}, which account {AC} does not have, so Twilio would refuse to put it back: "
        "correct the SID"
    )
    assert written(sandbox) == []


def test_the_seed_of_these_tests_is_whole() -> None:
    """The numbers that are refused for one reason are fit in all others."""
    account = seed()["twilio"]["accounts"][0]

    assert {CANADIAN, BRITISH, HIDDEN, VOICE_ONLY} <= {each["phone_number"] for each in account["numbers"]}


def _imported(sandbox: RunningSandbox, org: str) -> Props:
    record = {"number": WEBHOOK, "twilioAccountSid": AC, "assistantId": SUPPORT}
    return sandbox.outside_vapi("create", org=org, set=record)
