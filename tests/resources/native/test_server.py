"""What the native server alone does: previews, secrets, unknowns, configuration; over gRPC."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import grpc
import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2
from vapi_sms.resources.native import describing, kinds
from vapi_sms.resources.native.bags import packed, plain
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import standing
from tests.resources.provider import NATIVE, UNKNOWN, Provider
from tests.resources.stack import Stack
from tests.sandbox.world import WEBHOOK

SIGN, SECRET = rpc._special_sig_key, rpc._special_secret_sig
URN = "urn:pulumi:dev::test::{}::support"
NUMBER = URN.format(kinds.NUMBER.token)


def secret(value: object) -> dict[str, object]:
    """Mark a value as the engine marks a secret."""
    return {SIGN: SECRET, "value": value}


def struct(**values: Any) -> Struct:
    """Give a bag."""
    made = Struct()
    made.update(values)
    return made


def test_a_preview_creates_and_updates_nothing_and_gives_what_would_come(
    sandbox: RunningSandbox, native: Callable[..., Provider]
) -> None:
    """The trap of native providers: whoever answers a handshake is asked to create in previews."""
    before = standing(sandbox)
    stack = Stack(native())
    record = stack.provider.originals.check({}, stack.sibling_props(number=WEBHOOK)).inputs
    inputs = stack.provider.number.check(
        {}, stack.number_props(record["originals"], number=WEBHOOK, assistant="Support")
    ).inputs

    made = stack.provider._stub.Create(
        provider_pb2.CreateRequest(urn=NUMBER, properties=packed(inputs), preview=True)
    )
    updated = stack.provider._stub.Update(
        provider_pb2.UpdateRequest(urn=NUMBER, olds=packed(inputs), news=packed(inputs), preview=True)
    )

    shown = MessageToDict(made.properties)
    assert shown["answeredBy"].startswith("Vapi assistant Support, instead of Webhook")
    assert shown["vapiId"] == shown["textsUrl"] == UNKNOWN
    assert MessageToDict(updated.properties)["vapiId"] == UNKNOWN
    assert standing(sandbox) == before


def test_what_comes_as_a_secret_goes_as_one_at_the_same_place() -> None:
    """Also inside a map; what names a record is secret wherever it came from."""
    given = struct(name=secret("Front desk"), numbers={WEBHOOK: {"name": secret("Desk"), "voice": "keep"}})

    answer = MessageToDict(packed(plain(given) | {"original": "{}"}, like=[given], secret=("original",)))

    assert plain(given) == {"name": "Front desk", "numbers": {WEBHOOK: {"name": "Desk", "voice": "keep"}}}
    assert answer["name"] == secret("Front desk")
    assert answer["numbers"] == {WEBHOOK: {"name": secret("Desk"), "voice": "keep"}}
    assert answer["original"] == secret("{}")


def test_a_secret_number_stands_in_clear_nowhere(native: Callable[..., Provider]) -> None:
    """Records are kept by number: what has it in its keys is secret, too."""
    stub = native()._stub
    news = struct(numbers=secret({WEBHOOK: {}}), owner="organization/test/dev/support", isUp=True)

    answer = stub.Check(provider_pb2.CheckRequest(urn=URN.format(kinds.ORIGINALS.token), news=news))

    assert WEBHOOK not in str({k: v for k, v in MessageToDict(answer.inputs).items() if SIGN not in v})


def test_a_type_and_a_function_that_there_are_not_are_told_with_those_there_are(
    native: Callable[..., Provider],
) -> None:
    """A schema newer than the provider."""
    stub = native()._stub

    with pytest.raises(grpc.RpcError) as refused:
        stub.Check(provider_pb2.CheckRequest(urn=URN.format("vapi-sms:index:Pager")))
    assert "there is no resource vapi-sms:index:Pager: there are VapiSmsNumber, " in str(refused.value)
    with pytest.raises(grpc.RpcError) as refused:
        stub.Invoke(provider_pb2.InvokeRequest(tok="vapi-sms:index:whoAsks"))
    assert "there are whoAnswers, numbers" in str(refused.value)


def test_what_did_not_know_its_organization_is_no_copy_once_a_block_does(
    native: Callable[..., Provider],
) -> None:
    """A URN names no organization: what was imported by itself comes into a block that knows it."""
    stack = Stack(native())
    checked = stack.provider.originals.check({}, stack.sibling_props(number=WEBHOOK)).inputs
    assert checked["owner"].startswith("organization/test/dev/")

    for stacks, refused in (("acme/test/dev", 0), ("acme/test/prod", 1)):
        moved = checked | {"owner": f"{stacks}/Number$support"}
        assert len(native().originals.check(checked, moved).failures) == refused


def test_what_can_be_imported_is_listed(native: Callable[..., Provider]) -> None:
    """Of the kind that answers: what others answer as routes, what Vapi answers as numbers."""
    stub = native()._stub

    def listed(kind: kinds.Kind, limit: int = 0) -> list[str]:
        asked = provider_pb2.ListRequest(token=kind.token, limit=limit)
        return [each.result.name for each in stub.List(asked)]

    routes = listed(kinds.ROUTE)
    assert WEBHOOK in routes
    assert not set(routes) & set(listed(kinds.NUMBER))
    every = listed(kinds.ORIGINALS)
    assert every == sorted(every)
    assert set(every) == set(routes) | set(listed(kinds.NUMBER))
    assert listed(kinds.ORIGINALS, limit=2) == every[:2]
    with pytest.raises(grpc.RpcError) as refused:
        listed(kinds.FLEET)
    assert "VapiSmsFleet is not listed: declare it with adopt: true" in str(refused.value)


def test_without_a_record_the_block_that_makes_one_is_named(native: Callable[..., Provider]) -> None:
    """Nothing is touched before the way back is in the state."""
    with pytest.raises(grpc.RpcError) as refused:
        native()._stub.Check(
            provider_pb2.CheckRequest(urn=NUMBER, news=struct(number=WEBHOOK, assistant="Support"))
        )

    assert "write vapi-sms:Number instead, which makes it, too" in str(refused.value)


def test_a_misspelled_setting_is_told_with_the_one_that_is_meant(native: Callable[..., Provider]) -> None:
    """And one that means nothing with all there are."""
    answer = native()._stub.CheckConfig(
        provider_pb2.CheckRequest(news=struct(twilioAcountSid="AC1", version="1.0"))
    )

    assert [each.reason for each in answer.failures] == [
        "vapi-sms is not configured with twilioAcountSid: did you mean twilioAccountSid?"
    ]


def test_the_schema_is_what_the_classes_say(native: Callable[..., Provider]) -> None:
    """The package holds what `describing` prints; every property says what it is."""
    made = describing.schema()
    served = native()._stub.GetSchema(provider_pb2.GetSchemaRequest()).schema

    assert made == {key: value for key, value in json.loads(served).items() if key != "version"}
    for token, resource in made["resources"].items():
        for properties in (resource["inputProperties"], resource["properties"]):
            silent = [name for name, spec in properties.items() if not spec.get("description")]
            assert not silent, f"{token}: {silent}"


def test_the_process_ends_where_its_engine_was_killed() -> None:
    """Nobody else would end it; while the engine is there it stays."""
    with Provider({}, transport=NATIVE) as provider:
        provider.renew()
        assert provider.is_alive

        provider.engine.die()

        assert provider.wait() == 0
