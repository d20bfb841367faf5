"""What a stack's state says of numbers, read without the engine."""

from __future__ import annotations

from typing import Any

from vapi_sms.cli.doctor.stack import declared_in
from vapi_sms.core.readings import Declared

from tests.cli.doctor.clinic import AC, SUPPORT

OTHER = "AC" + "f" * 32
NUMBER, ANOTHER = "+14155550100", "+14155550101"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:..."}


def resource(kind: str, name: str, account: str = AC, **fields: Any) -> dict[str, Any]:
    """Return a resource as a state holds it."""
    type_ = f"pulumi-python:dynamic/vapi:{kind}"
    return {
        "type": type_,
        "urn": f"urn:pulumi:dev::acme::{type_}::{name}",
        "outputs": {"accountSid": account, **fields},
    }


def read(*resources: dict[str, Any]) -> tuple[dict[str, Declared], tuple[str, ...]]:
    """Read a state that holds these."""
    return declared_in({"resources": list(resources)}, AC)


def test_each_kind_of_resource_says_who_answers() -> None:
    """A number and a fleet's entries by Vapi, unless texts are switched off; a route by its handler."""
    vapi = {"answeredBy": "Vapi assistant Support, instead of nobody", "assistantId": SUPPORT}
    routing = {"texts": "Studio Flow FW", "hash": "of an older version"}

    found, left_out = read(
        resource("VapiSmsNumber", "support", number=NUMBER, routing=routing, **vapi),
        resource("VapiSmsFleet", "desks", numbers={ANOTHER: vapi, "PN1": {"smsEnabled": False}}),
        resource(
            "TwilioSmsRoute",
            "orders",
            number="+14155550102",
            answeredBy="Studio Flow, as before",
            routing=routing,
        ),
        resource("OriginalRoutings", "support-original", summary={NUMBER: "nothing"}),
    )

    said = "Vapi assistant Support"
    assert left_out == ()
    assert found == {
        NUMBER: Declared("support", said, by_vapi=True, assistant_id=SUPPORT, texts="Studio Flow FW"),
        ANOTHER: Declared("desks", said, by_vapi=True, assistant_id=SUPPORT),
        "PN1": Declared("desks", "", by_vapi=False),
        "+14155550102": Declared(
            "orders", "Studio Flow", by_vapi=False, texts="Studio Flow FW", is_route=True
        ),
    }


def test_what_is_left_out_is_said() -> None:
    """Numbers of another account, such as the state keeps secret, and short codes."""
    found, left_out = read(
        resource("VapiSmsNumber", "one", OTHER, number=NUMBER),
        resource("VapiSmsFleet", "two", OTHER, numbers={ANOTHER: {}}),
        resource("VapiSmsNumber", "three", number=SECRET),
        resource("TwilioSmsRoute", "four", number="12345"),
    )

    assert found == {}
    assert left_out == (
        f"2 left out: in Twilio account {OTHER}, which these credentials are not for",
        "1 left out: number of three is a secret of the stack: name it",
        "1 left out: short code 12345: numbers only are examined",
    )


def test_what_is_about_to_go_or_never_came_says_nothing() -> None:
    """A replaced resource that waits for its deletion, one without outputs, and another package's."""
    gone = resource("VapiSmsNumber", "gone", number=NUMBER) | {"delete": True}
    unfinished = resource("VapiSmsNumber", "unfinished") | {"outputs": None}
    others = {"type": "aws:s3/bucket:Bucket", "urn": "urn:pulumi:dev::acme::aws:s3/bucket:Bucket::b"}

    assert read(gone, unfinished, others) == ({}, ())


def test_where_vapi_answers_comes_along() -> None:
    """As the outputs have it: of a number always, of a fleet's numbers where it is not Vapi's usual URL."""
    usual, hooks = "https://api.vapi.ai/twilio/sms", "https://hooks.vapi.ai/v2/twilio/sms"

    found, _ = read(
        resource("VapiSmsNumber", "support", number=NUMBER, textsUrl=usual),
        resource("VapiSmsFleet", "desks", numbers={ANOTHER: {}, "PN1": {}}, textsUrls={ANOTHER: hooks}),
    )

    assert {key: said.texts_url for key, said in found.items()} == {NUMBER: usual, ANOTHER: hooks, "PN1": ""}
