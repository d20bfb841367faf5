"""Judging a rehearsal: from what was seen to the sandbox's switches, and what no switch plays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from vapi_sms.core.rehearsal.judging import Answers, Judgement, judge
from vapi_sms.core.rehearsal.trials import CALLS_MARK, TEXTS_MARK, Change, Seen, Trial, masked
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import TwilioNumber, VapiSettings

from tests.core.samples import AC, AP, ENDPOINTS, PN, SUPPORT, TK, VAPI_ID, twilio

MARKED = twilio(TEXTS_MARK, CALLS_MARK)
ON, OFF = VapiSettings(SUPPORT), VapiSettings(SUPPORT, sms_enabled=False)
TEXTS_TAKEN = replace(TEXTS_MARK, url=ENDPOINTS.sms)
CALLS_TAKEN = replace(CALLS_MARK, url=ENDPOINTS.voice, status_callback=ENDPOINTS.status)
TAKEN = twilio(TEXTS_TAKEN, CALLS_TAKEN)
CALLS_ONLY = twilio(TEXTS_MARK, CALLS_TAKEN)
DEMO_TEXTS = replace(TEXTS_MARK, url="https://demo.twilio.com/welcome/sms/reply")
DEMO_CALLS = replace(CALLS_MARK, url="https://demo.twilio.com/welcome/voice/")
EMPTIED = twilio(replace(TEXTS_MARK, url=""), replace(CALLS_MARK, url=""))
RESET = twilio(DEMO_TEXTS, DEMO_CALLS)
UNTOLD = Answers()


def saw(trial: Trial, after: TwilioNumber = MARKED, before: TwilioNumber = MARKED, **more: Any) -> Seen:
    """Return what was seen at one trial, texts on unless more is said."""
    landed = None if after == before else (0, 0)
    return Seen(trial, before, after, **{"settings": ON, "landed": landed, **more})


def judged(*seen: Seen) -> Judgement:
    """Return what follows from that alone."""
    return judge(seen, UNTOLD)


IMPORTS = (
    saw(Trial.IMPORT_OFF, CALLS_ONLY, settings=OFF),
    saw(Trial.IMPORT_ON, TAKEN),
    saw(Trial.IMPORT_LEFT_OUT, TAKEN),
)


def test_nothing_seen_tells_nothing() -> None:
    """Each switch says why it is not told."""
    found = judged()

    assert (found.switches, found.remarks) == ({}, ())
    assert found.untold["import_clears_trunk"] == "not tried: name a SIP trunk with --trunk"
    assert found.untold["delete"] == "not seen"


def test_an_import_as_everybody_has_seen_it() -> None:
    """Texts where they are on, calls always, at Vapi's usual host and at once; nothing to remark on."""
    found = judged(*IMPORTS)

    assert found.switches == {
        "import_takes_texts": True,
        "import_clears_fallback": False,
        "late_writes_ms": 0,
        "webhook_host": "https://api.vapi.ai",
    }
    assert found.remarks == ()


def test_shapes_of_answers_are_handed_on() -> None:
    """They were looked at where they were read."""
    found = judge((), Answers(shows_nulls=False, page_metadata="no_total"))

    assert found.switches == {"shows_nulls": False, "page_metadata": "no_total"}


@pytest.mark.parametrize(
    ("texts", "calls", "switch"),
    [
        (Routing(application_sid=AP), VoiceRouting(application_sid=AP), "import_clears_application"),
        (TEXTS_MARK, VoiceRouting(trunk_sid=TK), "import_clears_trunk"),
    ],
)
def test_what_an_import_takes_away(texts: Routing, calls: VoiceRouting, switch: str) -> None:
    """Apps and trunks, where the number had some."""
    trial = Trial.IMPORT_OVER_APP if calls.application_sid else Trial.IMPORT_OVER_TRUNK
    before = twilio(texts, calls)
    kept = twilio(replace(texts, url=ENDPOINTS.sms), replace(calls, url=ENDPOINTS.voice))
    away = twilio(Routing(ENDPOINTS.sms), VoiceRouting(ENDPOINTS.voice))

    assert judged(saw(trial, kept, before)).switches[switch] is False
    assert judged(saw(trial, away, before)).switches[switch] is True


def test_what_is_taken_away_in_part_is_remarked() -> None:
    """A switch plays all or nothing; the table says it, too."""
    half = saw(Trial.IMPORT_ON, twilio(replace(TEXTS_TAKEN, fallback_url=""), CALLS_TAKEN))

    found = judged(half)

    assert found.switches["import_clears_fallback"] is True
    assert found.remarks == (
        "an import takes away fallbacks of one channel, or at one time, and not of the other",
    )
    assert "fallbacks taken away in part" in str(half)


@pytest.mark.parametrize(
    ("seen", "remark"),
    [
        (
            (saw(Trial.IMPORT_ON, TAKEN), saw(Trial.IMPORT_LEFT_OUT, CALLS_ONLY)),
            "an import with smsEnabled left out leaves texts as before, one with true at Vapi",
        ),
        (
            (saw(Trial.IMPORT_OFF, TAKEN, settings=OFF),),
            "an import with smsEnabled false takes texts all the same",
        ),
        (
            (saw(Trial.IMPORT_ON, twilio(TEXTS_TAKEN, CALLS_MARK)),),
            "an import with smsEnabled true leaves calls as before; the sandbox's takes them always",
        ),
        (
            (saw(Trial.TURN_OFF, twilio(TEXTS_TAKEN, CALLS_MARK), settings=OFF),),
            "a PATCH of smsEnabled to false takes texts, and they are off at Vapi",
        ),
        (
            (saw(Trial.TURN_ON, TAKEN), saw(Trial.NAME_ON, CALLS_ONLY)),
            "only some PATCHes take texts (PATCH of smsEnabled to true): the switch plays all",
        ),
        (
            (saw(Trial.NULL_SQUAD, refused="squadId must be a UUID"),),
            "a PATCH of squadId to null is refused, and ours send it: squadId must be a UUID",
        ),
        (
            (saw(Trial.NULL_ASSISTANT),),
            "a PATCH of assistantId to null is taken, and takes nothing away",
        ),
        (
            (saw(Trial.NULL_NAME, settings=replace(ON, name="kept")),),
            "a PATCH of the name to null is taken, and takes nothing away",
        ),
        ((saw(Trial.NULL_TOKEN),), "a PATCH of twilioAuthToken to null is taken"),
        ((saw(Trial.NULL_TOKEN, refused="no"),), "a PATCH of twilioAuthToken to null is refused"),
        (
            (
                saw(
                    Trial.IMPORT_ON,
                    twilio(replace(TEXTS_MARK, url="https://api.vapi.ai/sms/v3"), CALLS_TAKEN),
                ),
            ),
            "Vapi writes https://api.vapi.ai/sms/v3, which does not end in /twilio/sms",
        ),
        (
            (
                saw(
                    Trial.IMPORT_ON,
                    twilio(replace(TEXTS_MARK, url="https://eu.vapi.ai/twilio/sms"), CALLS_TAKEN),
                ),
            ),
            "Vapi writes URLs of several hosts: https://api.vapi.ai, https://eu.vapi.ai",
        ),
        (
            (
                saw(
                    Trial.NAME_ON,
                    twilio(replace(TEXTS_MARK, url="https://else.example.com/?k=1"), CALLS_MARK),
                ),
            ),
            "PATCH of the name, texts on: texts went to https://else.example.com/?k=***",
        ),
        (
            (saw(Trial.NAME_ON, twilio(TEXTS_MARK, replace(CALLS_MARK, url="https://else.example.com"))),),
            "PATCH of the name, texts on: calls went to https://else.example.com",
        ),
    ],
)
def test_what_no_switch_plays_is_remarked(seen: tuple[Seen, ...], remark: str) -> None:
    """In one line each, for whoever keeps the sandbox."""
    assert remark in judged(*seen).remarks


def test_an_import_of_which_nothing_is_seen_in_time_is_doubted() -> None:
    """What lands later looks like another step's doing."""
    found = judged(saw(Trial.IMPORT_ON))

    assert "rehearse again with more --patience" in found.remarks[0]
    assert found.untold["late_writes_ms"] == "nothing of Vapi's was seen to land"


def test_patches() -> None:
    """Texts are told by those with texts on, calls by all; what was refused did nothing."""
    patches = [saw(trial, TAKEN) for trial in (Trial.TURN_ON, Trial.ASSISTANT)]
    refused = saw(Trial.NULL_NAME, refused="name must be a string")

    found = judged(*patches, refused)
    none = judged(saw(Trial.TURN_ON), saw(Trial.TURN_OFF, settings=OFF))

    assert found.switches["patch_rewrites_sms"] is found.switches["patch_rewrites_voice"] is True
    assert none.switches["patch_rewrites_sms"] is none.switches["patch_rewrites_voice"] is False
    assert found.remarks == ()


@pytest.mark.parametrize(("after", "does"), [(TAKEN, "leaves"), (EMPTIED, "clears"), (RESET, "resets")])
def test_deletes(after: TwilioNumber, does: str) -> None:
    """By what becomes of the URLs that Vapi wrote; after they have left, only a reset is seen."""
    left = saw(Trial.DELETE_LEFT, RESET if does == "resets" else MARKED, settings=None)
    there = saw(Trial.DELETE_THERE, after, TAKEN, settings=None)

    found = judged(*IMPORTS, left, there)

    assert (found.switches["delete"], found.remarks) == (does, ())


def test_deletes_that_no_switch_plays() -> None:
    """One that treats channels in two ways, and one that empties what is not Vapi's."""
    half = saw(Trial.DELETE_THERE, twilio(TEXTS_TAKEN, DEMO_CALLS), TAKEN, settings=None)
    there = saw(Trial.DELETE_THERE, EMPTIED, TAKEN, settings=None)
    others = saw(Trial.DELETE_LEFT, EMPTIED, settings=None)

    mixed, emptying = judged(*IMPORTS, half), judged(*IMPORTS, there, others)

    assert "delete" not in mixed.switches
    assert mixed.remarks == ("a DELETE leaves one channel as before, another at Twilio's demo",)
    assert emptying.remarks == (
        "a DELETE after texts and calls have left Vapi leaves texts emptied, calls emptied: no switch plays that",
    )
    assert judged(others).remarks == ()


def test_nulls() -> None:
    """The name tells: refused, or taken away."""
    refused = saw(Trial.NULL_NAME, refused="name must be a string")

    assert judged(refused).switches["nulls_clear"] == "attachments"
    assert judged(saw(Trial.NULL_NAME)).switches["nulls_clear"] == "everything"
    assert "nulls_clear" not in judged(saw(Trial.NULL_NAME, settings=replace(ON, name="x"))).switches
    assert judged(saw(Trial.NULL_ASSISTANT, settings=VapiSettings())).remarks == ()


def test_a_foreign_callback_is_no_sign_of_a_host() -> None:
    """Of Vapi's URLs only those count that it wrote."""
    after = twilio(TEXTS_MARK, replace(CALLS_MARK, url=ENDPOINTS.voice))

    assert (
        judged(saw(Trial.IMPORT_OFF, after, settings=OFF)).switches["webhook_host"] == "https://api.vapi.ai"
    )


def test_the_latest_landing_counts() -> None:
    """As late as anything was seen for the first time."""
    seen = (saw(Trial.IMPORT_ON, TAKEN, landed=(500, 1000)), saw(Trial.TURN_ON, TAKEN, landed=(2000, 4000)))

    assert judged(*seen).switches["late_writes_ms"] == 4000
    assert str(seen[1]).endswith("seen after 2,000 to 4,000 ms")


def test_a_trial_is_told_in_a_line() -> None:
    """Who answers, where that is Vapi or news, what is gone, and when; nothing that identifies anybody."""
    refusal = (
        f"Existing Phone Number {VAPI_ID} Has Identical `twilioAccountSid` {AC} and `number` +14155550100."
    )

    assert str(saw(Trial.IMPORT_ON, CALLS_ONLY)) == (
        "texts as before, calls at Vapi: https://api.vapi.ai/twilio/inbound_call, seen at once"
    )
    assert str(saw(Trial.NAME_ON)) == "texts as before, calls as before"
    assert str(saw(Trial.IMPORT_ON, refused=refusal)) == f"refused: {masked(refusal)}"
    assert (
        masked(refusal) == "Existing Phone Number ... Has Identical `twilioAccountSid` ... and `number` ...."
    )
    assert PN not in masked(PN)
    assert saw(Trial.DELETE_LEFT, settings=None).has_texts_on is False
    assert saw(Trial.NAME_ON, twilio(replace(TEXTS_MARK, url="https://a.example.com"), CALLS_MARK)).texts is (
        Change.OTHER
    )
