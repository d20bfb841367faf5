"""`vapi-sms doctor`: who sees texts beside whoever answers them, and what of that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.doctor.clinic import ADDRESS, CONFIGURATION, doctor, examined

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox

BESIDE, CAPTURED = "+14155550116", "+14155550121"


def test_the_conversation_beside_an_answer_is_told(clinic: RunningSandbox) -> None:
    """Who answers is as it is; the address stands beside it, once a group for people, by its SID for machines."""
    (number,) = examined(clinic, BESIDE)["numbers"]

    report = doctor(clinic, BESIDE)

    assert number["answeredBy"] == "Webhook https://***@old.example.com/sms?token=***"
    assert number["conversation"] == {"address": ADDRESS, "type": "default"}
    assert f"beside it: Conversations address {ADDRESS}" in " ".join(report.stdout.split())
    assert "could not be read" not in report.stdout
    assert report.returncode == 0


def test_addresses_that_a_key_may_not_read_are_told_as_such(clinic: RunningSandbox) -> None:
    """With the reason; nothing else is missing for it, and it fails nothing."""
    clinic.fault(vendor="twilio", path="/v1/Configuration/Addresses", status=403, count=None)

    found, report = examined(clinic, BESIDE), doctor(clinic, BESIDE)

    told = (
        "Addresses of Twilio Conversations and Flex could not be read (Forbidden (Twilio 20003)): where there is one, "
        "it answers beside what is shown."
    )
    (number,) = found["numbers"]
    assert (number["conversation"], number["notes"]) == (None, [])
    assert told in found["facts"]
    assert told in " ".join(report.stdout.split())
    assert (report.returncode, report.stderr) == (0, "")


def test_who_captures_a_copy_is_told(clinic: RunningSandbox) -> None:
    """By the configuration's name and id, beside who answers; the same for machines."""
    (number,) = examined(clinic, CAPTURED)["numbers"]

    report = " ".join(doctor(clinic, CAPTURED).stdout.split())

    assert number["capture"] == {"id": CONFIGURATION, "name": "Agents"}
    assert f"beside it: Conversation Orchestrator configuration Agents ({CONFIGURATION})" in report
    assert "captures a copy of each text besides: two systems may answer" in report


def test_captures_that_a_key_may_not_read_are_told_as_such(clinic: RunningSandbox) -> None:
    """With the reason, and without failing; an account that has nothing of the kind is told of nothing."""
    path = "/v2/ControlPlane/Configurations"
    clinic.fault(vendor="twilio", path=path, status=403, count=1)
    refused = examined(clinic, CAPTURED)
    clinic.fault(vendor="twilio", path=path, status=404, count=1)
    without = examined(clinic, CAPTURED)

    told = "Configurations of Twilio's Conversation Orchestrator could not be read (Forbidden (Twilio 20003))"
    assert [fact.startswith(told) for fact in refused["facts"]].count(True) == 1
    assert refused["numbers"][0]["capture"] is without["numbers"][0]["capture"] is None
    assert "could not be read" not in " ".join(without["facts"])
