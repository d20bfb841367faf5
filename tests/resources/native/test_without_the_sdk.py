"""What our own server knows of Pulumi by itself is what Pulumi's SDK says."""

from __future__ import annotations

import asyncio

import pulumi
from pulumi.output import Unknown
from pulumi.runtime import rpc
from vapi_sms.resources.inputs import unknowns
from vapi_sms.resources.native import bags


def test_the_words_of_the_protocol_are_the_sdks() -> None:
    """How secrets, outputs and what is not known are marked."""
    assert rpc._special_sig_key == bags._SIGNATURE
    assert rpc._special_secret_sig == bags._SECRET
    assert rpc._special_output_value_sig == bags._OUTPUT
    assert bags._NOT_KNOWN == rpc.UNKNOWN


def test_what_is_not_known_is_found_wherever_it_is() -> None:
    """Ours and the SDK's."""
    theirs = Unknown()  # type: ignore[no-untyped-call] # Pulumi's own
    for it in (unknowns.UNKNOWN, theirs):
        for holding in (it, [1, {"a": it}], {"a": ("b", [it])}):
            assert unknowns.contains_unknowns(holding)
    for known in ("a", [1, {"a": None}], {"a": ("b", [0.5])}):
        assert not unknowns.contains_unknowns(known)


def test_outputs_are_known_later() -> None:
    """And so is what is awaited, or unknown; a text is known."""
    loop = asyncio.new_event_loop()  # of its own: another test of this process may have one that runs
    coming = loop.create_future()
    output = pulumi.Output(set(), coming, coming, coming)  # nobody awaits it

    assert [unknowns.is_later(each) for each in (output, coming, unknowns.UNKNOWN, "a")] == [
        True,
        True,
        True,
        False,
    ]
    loop.close()
