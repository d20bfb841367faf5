"""MessagingServiceInbound at the provider's boundary: nobody's answer changes but those that are declared."""

from __future__ import annotations

import json

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import asked, same_for_all, standing, written
from tests.resources.provider import UNKNOWN, Provider, ProviderError
from tests.resources.service_stack import Refused, ServiceStack
from tests.resources.stack import Refused as NumberRefused
from tests.sandbox.pool import (
    FALLBACK,
    HANDLER,
    POOL,
    SERVICE_URL,
    answers,
    pool_seed,
    service_record,
)
from tests.sandbox.world import (
    AC,
    APP,
    APPLICATION,
    DEFERRING,
    DEMO,
    HIDDEN,
    KEY,
    KEY_SECRET,
    MG,
    ORG,
    OTHER,
    OTHER_TOKEN,
    SALES,
    SILENT,
    STUDIO,
    VAPI_SMS,
    WEBHOOK,
)

SAME = {"original": "same", "service": "same"}
CHANGED = {"original": "same", "service": "update"}
SERVICE = f"Messaging Service Campaigns ({MG})"
SET = f"POST twilio /v1/Services/{MG}"
AFTER_THE_SWITCH = "vapi-sms: once Vapi answers"


@pytest.fixture
def sandbox(sandbox: RunningSandbox) -> RunningSandbox:
    """Return the sandbox with a service that answers for a pool."""
    sandbox.reset(pool_seed())
    return sandbox


@pytest.fixture
def stack(sandbox: RunningSandbox, spawn: Spawn) -> ServiceStack:  # noqa: ARG001 the pool first
    """Return an empty stack with a process of its own."""
    return ServiceStack(spawn())


def notices(provider: Provider) -> list[str]:
    """Give what people were told beside the plan, without what every switch to Vapi tells."""
    return [line for line in provider.stderr() if not line.startswith(AFTER_THE_SWITCH)]


def line_of(error: Exception) -> str:
    """Give trouble as one line without a secret."""
    text = str(error)
    assert "\n" not in text
    assert "canary" not in text
    return same_for_all(text).removeprefix("VapiSms: ")


def hand_over(stack: ServiceStack, number: str = HIDDEN) -> None:
    """Let Vapi answer a number that relies on the service."""
    stack.number(number).up(number=number, assistant="Support", messaging_service=MG)


def test_nobody_notices_and_destroy_gives_every_field_back(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn
) -> None:
    """With keep_others all answers stay, in between too; again is nothing to do, in another process as well."""
    before, answered = standing(sandbox), answers(sandbox)

    assert stack.up(MG, keep_others=True) == {"original": "create", "service": "create"}
    assert answers(sandbox) == answered
    assert service_record(sandbox)["use_inbound_webhook_on_number"] is True
    assert service_record(sandbox)["inbound_request_url"] == SERVICE_URL
    assert written(sandbox)[-1] == SET

    sandbox.clear_journal()
    stack.restart(spawn())
    assert stack.up("Campaigns", keep_others=True) == {"original": "update", "service": "update"}
    assert stack.up("Campaigns", keep_others=True) == SAME
    assert written(sandbox) == []

    stack.destroy()
    assert standing(sandbox) == before
    assert written(sandbox)[0] == SET
    assert answers(sandbox) == answered


def test_outputs_tell_who_decides_and_show_no_secret(stack: ServiceStack) -> None:
    """What a URL hides stands in `original` only."""
    stack.up(MG, keep_others=True, declared=[HIDDEN])

    outs = dict(stack.state["service"].outs)
    assert stack.state["service"].id == outs["serviceSid"] == MG
    assert outs["accountSid"] == AC
    assert outs["inbound"] == f"each number's own webhook, instead of {HANDLER}"
    assert outs["originalSummary"] == (
        f"texts: {HANDLER} {FALLBACK}; own routings of 6 numbers that get the service's handler"
    )
    assert outs["answers"] == [
        f"1 number answered by {HANDLER}, then as declared for each:",
        f"  {HIDDEN}",
        f"5 numbers answered by {HANDLER}, before and after: it is written onto each first",
        f"1 number answered by {HANDLER}, before and after",
        "1 number cannot receive texts",
    ]
    assert "canary" in json.dumps(outs.pop("original"))
    assert "canary" not in json.dumps(outs)
    sibling = dict(stack.state["original"].outs)
    assert sibling["summary"] == outs["originalSummary"]
    assert "canary" in json.dumps(sibling.pop("original"))
    assert "canary" not in json.dumps(sibling)


def test_numbers_that_nobody_declared_are_refused_at_preview(
    sandbox: RunningSandbox, stack: ServiceStack
) -> None:
    """Each is named with who would answer it; declared ones are not; nothing is written."""
    with pytest.raises(Refused) as caught:
        stack.preview(MG, declared=[HIDDEN, STUDIO, sandbox.number(SILENT)["sid"]])

    assert caught.value.kind == "service"
    assert [failure.property for failure in caught.value.failures] == [""]
    assert line_of(caught.value) == (
        f"{SERVICE} answers texts to its numbers itself, by {HANDLER}. If it defers, 3 numbers that nobody declares "
        f"here would be answered by somebody else ({WEBHOOK}: Webhook https://old.example.com/sms?tenant=***#rc=1; "
        f"{DEMO}: Twilio's demo reply; {APPLICATION}: TwiML App {APP}). Declare them in this program with "
        "messaging_service=, or write keep_others=True: then the service's handler is written onto them first, and "
        "nobody notices"
    )
    assert written(sandbox) == []


def test_a_declared_number_goes_from_the_service_to_vapi_and_back(
    sandbox: RunningSandbox, stack: ServiceStack
) -> None:
    """Its own routing, which slept, never answers; the whole stack's destroy leaves every field as it was."""
    before, answered = standing(sandbox), answers(sandbox)
    stack.up(MG, keep_others=True, declared=[HIDDEN])
    assert answers(sandbox) == answered

    hand_over(stack)

    outs = stack.number(HIDDEN).state["number"].outs
    assert outs["answeredBy"] == f"Vapi assistant Support, instead of {HANDLER}"
    assert outs["originalSummary"].startswith(f"texts: {HANDLER} {FALLBACK}; calls: nobody")
    assert answers(sandbox) == answered | {HIDDEN: "Vapi assistant Support"}
    assert stack.up(MG, keep_others=True, declared=[HIDDEN]) == SAME
    assert set(
        stack.number(HIDDEN).up(number=HIDDEN, assistant="Support", messaging_service=MG).values()
    ) == {"same"}

    stack.numbers[HIDDEN].destroy()
    assert answers(sandbox) == answered
    stack.destroy()
    assert standing(sandbox) == before


def test_a_hidden_number_is_shown_as_deferred_by_its_service(
    sandbox: RunningSandbox, stack: ServiceStack
) -> None:
    """Preview shows the record that will be taken: who answers now in truth, the service; nothing is written."""
    stack.preview(MG, declared=[*POOL])
    number = stack.number(HIDDEN)

    assert set(number.preview(number=HIDDEN, assistant="Support", messaging_service=MG).values()) == {
        "create"
    }

    checked = number.checked("originals", number.sibling_props(number=HIDDEN, messaging_service=MG))
    assert checked["summary"][HIDDEN].startswith(f"texts: {HANDLER} {FALLBACK};")
    assert [line for line in notices(stack.provider) if "vapi-sms: change: " not in line] == [
        (
            f"vapi-sms: texts will be deferred by {SERVICE} to its numbers' own webhooks, which it hides now; that is "
            "looked at again before a number is switched."
        )
    ]
    assert written(sandbox) == []


@pytest.mark.parametrize("declared", [None, {"defer_to_sender": False}], ids=["nobody", "not deferring"])
def test_a_hidden_number_without_a_service_that_defers_is_refused(
    stack: ServiceStack, declared: dict[str, bool] | None
) -> None:
    """Naming the service is not enough: a MessagingServiceInbound must make it defer."""
    if declared is not None:
        stack.preview(MG, **declared)

    with pytest.raises(NumberRefused) as caught:
        stack.number(HIDDEN).preview(number=HIDDEN, assistant="Support", messaging_service=MG)

    assert f"{HIDDEN} is in {SERVICE}, which handles texts itself" in line_of(caught.value)


def test_the_record_of_a_number_is_not_taken_while_it_is_hidden(stack: ServiceStack) -> None:
    """With --target of the number alone its webhook sleeps: what would be recorded never answered anybody."""
    number = stack.number(HIDDEN)
    props = number.sibling_props(number=HIDDEN, messaging_service=MG)
    checked = number.checked("originals", props)

    with pytest.raises(ProviderError) as caught:
        number.life("originals").create(checked)

    assert line_of(caught.value) == (
        f"{HIDDEN} is still hidden by {SERVICE}, so nobody knows yet what its webhook will be: declare a "
        "MessagingServiceInbound for it, give it as messaging_service=, and run without --target"
    )


def test_a_number_is_looked_at_again_before_it_is_switched(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn
) -> None:
    """Somebody let the service answer again since the check: Vapi would never see a text, so nothing is switched."""
    stack.up(MG, declared=[*POOL])
    number = stack.number(HIDDEN)
    sibling = number.checked("originals", number.sibling_props(number=HIDDEN, messaging_service=MG))
    _, recorded = number.life("originals").create(sibling)
    given = number.number_props(
        recorded["originals"], number=HIDDEN, assistant="Support", messaging_service=MG
    )
    checked = number.checked("number", given)
    sandbox.outside("service", sid=MG, set={"use_inbound_webhook_on_number": False})
    sandbox.clear_journal()

    with pytest.raises(ProviderError, match="which handles texts itself"):
        spawn().number.create(checked)

    assert written(sandbox) == []


def test_a_record_taken_while_the_number_was_hidden_is_put_right(
    sandbox: RunningSandbox, stack: ServiceStack
) -> None:
    """An `up` without the service recorded what sleeps; once the service is declared, the truth counts."""
    before, answered = standing(sandbox), answers(sandbox)
    number = stack.number(HIDDEN)
    with pytest.raises(NumberRefused):
        number.up(number=HIDDEN, assistant="Support")
    assert (
        number.state["originals"]
        .outs["summary"][HIDDEN]
        .startswith("texts: Webhook https://old.example.com/sms;")
    )

    stack.up(MG, declared=[*POOL])
    hand_over(stack)

    assert number.state["originals"].outs["summary"][HIDDEN].startswith(f"texts: {HANDLER}")
    number.destroy()
    assert answers(sandbox) == answered
    stack.destroy()
    assert standing(sandbox) == before


def test_a_number_that_was_imported_while_it_was_hidden_is_adopted(
    sandbox: RunningSandbox, stack: ServiceStack
) -> None:
    """The usual accident: texts vanish at a number that Vapi knows. Its original is the service, which answered."""
    sandbox.outside_number(HIDDEN, sms_url=VAPI_SMS)
    fields = {"number": HIDDEN, "twilioAccountSid": AC, "assistantId": SALES}
    sandbox.outside_vapi("create", org=ORG, set=fields)
    before, answered = standing(sandbox), answers(sandbox)
    stack.up(MG, declared=[*POOL])

    stack.number(HIDDEN).up(number=HIDDEN, assistant="Support", messaging_service=MG, adopt=True)

    assert answers(sandbox)[HIDDEN] == "Vapi assistant Support"
    stack.destroy()
    assert (standing(sandbox), answers(sandbox)) == (before, answered)


def test_a_service_does_not_hide_numbers_at_vapi_again(sandbox: RunningSandbox, stack: ServiceStack) -> None:
    """Neither by delete, nor by its record's, nor by a change of mind at preview; nothing is written."""
    stack.up(MG, declared=[*POOL])
    hand_over(stack)
    stack.provider.renew()
    sandbox.clear_journal()
    line = (
        f"{SERVICE} would hide {HIDDEN} again, whose texts are handed to Vapi: Vapi would never see one. First let go "
        "of what declares them (in another stack, too), or write sms_enabled=False there; or leave the service "
        "deferring for good, with retain_on_delete=True"
    )

    for kind in ("service", "original"):
        with pytest.raises(ProviderError) as caught:
            stack.life(kind).delete(stack.state[kind].id, stack.state[kind].outs)
        assert line_of(caught.value) == line
    with pytest.raises(Refused) as refused:
        stack.preview(MG, declared=[*POOL], defer_to_sender=False)
    assert line_of(refused.value) == line
    assert written(sandbox) == []


def test_a_change_of_mind_gives_back_and_defers_again(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn
) -> None:
    """defer_to_sender=False is as it was found, the resource stays; nobody notices in either direction."""
    before, answered = standing(sandbox), answers(sandbox)
    stack.up(MG, keep_others=True)

    assert stack.up(MG, keep_others=True, defer_to_sender=False) == CHANGED
    assert standing(sandbox) == before
    assert stack.state["service"].outs["inbound"] == HANDLER

    sandbox.outside_number(STUDIO, sms_url="https://new.example.com/sms")
    again = standing(sandbox)
    stack.restart(spawn())
    assert stack.up(MG, keep_others=True)["service"] == "update"
    assert answers(sandbox) == answered
    stack.destroy()
    assert standing(sandbox) == again


def test_a_service_found_deferring_stays_as_it_is(sandbox: RunningSandbox, stack: ServiceStack) -> None:
    """Nothing to do, nothing to put back; to answer by itself would change answers, and is refused."""
    before = standing(sandbox)

    stack.up(DEFERRING)
    assert stack.state["service"].outs["inbound"] == "each number's own webhook"
    with pytest.raises(Refused, match="was found deferring to its numbers' own webhooks"):
        stack.preview(DEFERRING, defer_to_sender=False)
    stack.destroy()

    assert written(sandbox) == []
    assert standing(sandbox) == before


def test_drift_is_shown_and_repaired(sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn) -> None:
    """Somebody let the service answer again: numbers at Vapi are hidden until `up` lets it defer once more."""
    before = standing(sandbox)
    stack.up(MG, keep_others=True, declared=[HIDDEN])
    hand_over(stack)
    answered = answers(sandbox)
    sandbox.outside("service", sid=MG, set={"use_inbound_webhook_on_number": False})
    sandbox.clear_journal()

    stack.restart(spawn())
    inputs = stack.checked(
        "service",
        stack.props(
            "service",
            stack.state["original"].outs["original"],
            service=MG,
            keep_others=True,
            declared=[HIDDEN],
        ),
    )
    assert inputs["drift"] == [f"texts are answered by {HANDLER}, not by each number's own webhook"]
    assert stack.up(MG, keep_others=True, declared=[HIDDEN]) == CHANGED

    assert written(sandbox) == [SET]
    assert answers(sandbox) == answered
    assert "drift" not in stack.state["service"].outs
    assert stack.up(MG, keep_others=True, declared=[HIDDEN]) == SAME
    stack.destroy()
    assert standing(sandbox) == before


def test_refresh_takes_up_who_decides(sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn) -> None:
    """Then the next `up` sees what the program declares otherwise; the record is echoed."""
    stack.up(MG, keep_others=True)
    held = stack.state["original"].outs
    sandbox.outside("service", sid=MG, set={"use_inbound_webhook_on_number": False})

    stack.restart(spawn())
    stack.refresh()

    assert stack.state["service"].outs["deferToSender"] is False
    assert stack.state["service"].outs["inbound"] == HANDLER
    assert stack.state["original"].outs == held
    assert stack.up(MG, keep_others=True) == CHANGED


def test_another_handler_than_recorded_is_refused(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn
) -> None:
    """Somebody gave the service another URL, and thereby let it answer: destroy leaves that, and says so."""
    stack.up(MG, keep_others=True)
    new = {
        "use_inbound_webhook_on_number": False,
        "inbound_request_url": "https://new.example.com/s?k=canary",
    }
    sandbox.outside("service", sid=MG, set=new)
    stack.restart(spawn())

    with pytest.raises(Refused) as caught:
        stack.preview(MG, keep_others=True)
    assert "are answered by Webhook https://new.example.com/s?k=***" in line_of(caught.value)

    before = service_record(sandbox)
    stack.destroy()
    assert service_record(sandbox) == before
    assert [sandbox.number(number)["sms_url"] for number in (STUDIO, DEMO)] == [
        pool_number(STUDIO),
        pool_number(DEMO),
    ]
    assert any("keeps Webhook https://new.example.com/s?k=***" in line for line in notices(stack.provider))


def pool_number(number: str) -> str:
    """Give the own URL that a number has at first."""
    seeded = pool_seed()["twilio"]["accounts"][0]["numbers"]
    return str(next(each["sms_url"] for each in seeded if each["phone_number"] == number))


def test_numbers_that_come_go_or_change_meanwhile_are_told(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn
) -> None:
    """One joined and goes to sleep with the others, one was routed elsewhere, one is gone, one left the pool."""
    stack.up(MG, keep_others=True)
    sandbox.outside("number", number="+14155550102", messaging_service=MG)
    sandbox.outside_number(STUDIO, sms_url="https://new.example.com/sms", sms_fallback_url="")
    sandbox.outside_release(DEMO)
    sandbox.outside("number", number=WEBHOOK, messaging_service=None)
    stack.restart(spawn())

    stack.destroy()

    assert sorted(notices(stack.provider)) == [
        f"vapi-sms: {DEMO} is no longer on Twilio account {AC}: nothing to put back there.",
        f"vapi-sms: from now on {SERVICE} answers for +14155550102 too, by {HANDLER}.",
        (
            f"vapi-sms: texts of {STUDIO} itself stay with Webhook https://new.example.com/sms, which is not ours; the "
            f"recorded original was Studio Flow FW{'a' * 32}."
        ),
    ]
    assert sandbox.number(WEBHOOK)["sms_url"] == pool_number(WEBHOOK)
    assert sandbox.number(STUDIO)["sms_url"] == "https://new.example.com/sms"


def test_a_deleted_twiml_app_is_named_with_the_ways_out(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn
) -> None:
    """The others come back, the service too; what the owner sets in the Console is left, and destroy succeeds."""
    stack.up(MG, keep_others=True)
    sandbox.outside("application", sid=APP, delete=True)

    with pytest.raises(ProviderError) as caught:
        stack.destroy()

    assert line_of(caught.value) == (
        f"{APPLICATION} is not put back: Twilio refuses its recorded routing (TwiML App {APP}): Writing the messaging "
        f"routing of {APPLICATION}: Application Sid is not accessible: {APP} (Twilio 21420, request RQ...). "
        "Bring back what it points at; or give the number another routing in Twilio's Console, which then stays; and "
        "run the same command again."
    )
    assert service_record(sandbox)["use_inbound_webhook_on_number"] is False
    assert sandbox.number(STUDIO)["sms_url"] == pool_number(STUDIO)

    sandbox.outside_number(APPLICATION, sms_url="https://new.example.com/sms")
    stack.restart(spawn())
    stack.destroy()
    assert sandbox.number(APPLICATION)["sms_url"] == "https://new.example.com/sms"
    assert not stack.state


def test_a_service_that_is_gone_leaves_the_state_and_its_numbers_come_back(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn
) -> None:
    """Somebody deleted the service: the record still knows the numbers."""
    stack.up(MG, keep_others=True)
    sandbox.outside("service", sid=MG, delete=True)
    stack.restart(spawn())

    with pytest.raises(Refused, match=f"no Messaging Service of Twilio account {AC} has the SID {MG}"):
        stack.preview(MG, keep_others=True)
    stack.refresh()
    assert list(stack.state) == ["original"]
    stack.destroy()

    assert [sandbox.number(number)["sms_url"] for number in (STUDIO, DEMO)] == [
        pool_number(STUDIO),
        pool_number(DEMO),
    ]


def test_a_key_that_sees_no_service_does_not_make_one_gone(
    sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn
) -> None:
    """Law 14: another account's key sees an empty list. The account's own token is believed."""
    stack.up(MG, keep_others=True)
    for sid in (MG, DEFERRING):
        sandbox.outside("service", sid=sid, delete=True)

    stack.restart(spawn(TWILIO_AUTH_TOKEN=None, TWILIO_API_KEY=KEY, TWILIO_API_SECRET=KEY_SECRET))
    with pytest.raises(ProviderError) as caught:
        stack.refresh()
    assert line_of(caught.value) == (
        f"Reading {SERVICE}: this API key sees no Messaging Service at all, and nothing tells that it belongs to "
        f"account {AC}. Use a key of that account; if this is it, and the service was deleted, use the account's auth "
        "token."
    )
    stack.restart(spawn())
    stack.refresh()
    assert list(stack.state) == ["original"]


def test_another_accounts_credentials_are_refused(stack: ServiceStack, spawn: Spawn) -> None:
    """Check, read and delete name both accounts."""
    stack.up(MG, keep_others=True)
    stack.restart(spawn(TWILIO_ACCOUNT_SID=OTHER, TWILIO_AUTH_TOKEN=OTHER_TOKEN))

    with pytest.raises(Refused, match=f"was set up in Twilio account {AC}, and these credentials are for"):
        stack.preview(MG, keep_others=True)
    for act in (stack.refresh, stack.destroy):
        with pytest.raises(
            ProviderError, match=f"was set up in Twilio account {AC}, and these credentials are for"
        ):
            act()


def test_a_service_needs_no_key_of_vapi(sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn) -> None:
    """Numbers that stay without Vapi may need it to defer, too: nothing is asked of Vapi then."""
    before = standing(sandbox)
    sandbox.outside_number(DEMO, sms_url=VAPI_SMS)
    stack.restart(spawn(VAPI_API_KEY=None))

    stack.up(MG, keep_others=True)
    stack.restart(spawn(VAPI_API_KEY=None))
    assert stack.up(MG, keep_others=True) == SAME
    stack.destroy()

    sandbox.outside_number(DEMO, sms_url=pool_number(DEMO))
    assert standing(sandbox) == before
    assert [line for line in asked(sandbox) if " vapi " in line] == []


def test_a_copied_stack_is_refused(stack: ServiceStack) -> None:
    """Both resources know whose they are."""
    stack.up(MG, keep_others=True)
    stack.owner = "organization/test/copy"

    with pytest.raises(Refused, match="this state belongs to stack organization/test/dev, not to"):
        stack.preview(MG, keep_others=True)


def test_a_service_declared_twice_is_refused(stack: ServiceStack) -> None:
    """Once by its SID and once by its name, which no program can tell."""
    stack.up(MG, keep_others=True)
    twin = ServiceStack(stack.provider, name="twin")

    with pytest.raises(Refused) as caught:
        twin.preview("Campaigns", keep_others=True)

    assert line_of(caught.value) == (
        f"{SERVICE} is declared twice, by organization/test/dev/us and by organization/test/dev/twin: leave one of "
        "them out"
    )


def test_a_forced_replacement_keeps_what_was_found(sandbox: RunningSandbox, stack: ServiceStack) -> None:
    """--replace shows check nothing of the old one, which defers still: what it recorded first is what counts."""
    before, answered = standing(sandbox), answers(sandbox)
    stack.up(MG, keep_others=True)

    done = stack.up(MG, keep_others=True, replace=("original", "service"))

    assert done == {"original": "replace", "service": "replace"}
    assert answers(sandbox) == answered
    stack.destroy()
    assert standing(sandbox) == before


def test_another_service_replaces_and_puts_the_first_back(
    sandbox: RunningSandbox, stack: ServiceStack
) -> None:
    """Unless a number of the first is at Vapi, and would be hidden: that is said at preview."""
    before = standing(sandbox)
    stack.up(MG, keep_others=True)
    hand_over(stack)
    with pytest.raises(Refused, match="would hide"):
        stack.preview(DEFERRING)

    stack.numbers.pop(HIDDEN).destroy()
    assert stack.up(DEFERRING) == {"original": "replace", "service": "replace"}

    assert standing(sandbox) == before
    assert stack.state["service"].outs["serviceSid"] == DEFERRING


def test_without_credentials_preview_shows_inputs_and_up_refuses(stack: ServiceStack, spawn: Spawn) -> None:
    """A placeholder is never a record; later, what is in the state is carried along."""
    blind = spawn(TWILIO_ACCOUNT_SID=None, TWILIO_AUTH_TOKEN=None, VAPI_API_KEY=None)
    seeing = stack.provider
    stack.restart(blind)
    assert stack.preview(MG, keep_others=True) == {"original": "create", "service": "create"}
    with pytest.raises(ProviderError, match="no credentials for"):
        stack.up(MG, keep_others=True)

    stack.restart(seeing)
    stack.up(MG, keep_others=True)
    stack.restart(blind)
    assert stack.preview(MG, keep_others=True) == SAME


def test_what_is_not_known_yet_is_left_open(stack: ServiceStack) -> None:
    """A service that another resource names is checked once it is known."""
    assert stack.preview(UNKNOWN) == {"original": "create", "service": "create"}


@pytest.mark.parametrize(
    ("service", "line"),
    [
        ("", "write service=, the Messaging Service's SID (MG...) or its exact, unique name"),
        (
            "Nobody",
            (
                f"no Messaging Service of Twilio account {AC} is named 'Nobody' (there are: Campaigns ({MG}), Service "
                f"({DEFERRING}))"
            ),
        ),
        ("Twin", f"2 Messaging Services are named 'Twin': write one of their SIDs ({MG}, {DEFERRING})"),
        (7.0, "service must be a string"),
    ],
)
def test_a_service_that_cannot_be_meant_is_refused(
    sandbox: RunningSandbox, stack: ServiceStack, service: str, line: str
) -> None:
    """With the names that there are."""
    if service == "Twin":
        for sid in (MG, DEFERRING):
            sandbox.outside("service", sid=sid, set={"friendly_name": "Twin"})

    with pytest.raises(Refused) as caught:
        stack.preview(service)

    assert line_of(caught.value) == line


def test_a_rename_without_alias_keeps_the_first_record_and_names_the_alias(
    sandbox: RunningSandbox, stack: ServiceStack
) -> None:
    """The new resource found our own switch: the old one stays until it is declared again, and gives back all."""
    before = standing(sandbox)
    stack.up(MG, keep_others=True)
    renamed = ServiceStack(stack.provider, name="usa")
    stack.provider.renew()
    renamed.up(MG, keep_others=True)

    with pytest.raises(ProviderError) as caught:
        stack.delete("service")

    line = line_of(caught.value)
    assert line.startswith(
        f"us gives up Messaging Service Campaigns ({MG}), and usa declares it in the same run, which would lose what "
        "was found first: texts: Webhook https://***@old.example.com/service?token=***#rc=2"
    )
    assert line.endswith(
        "Declare it as us again and run `pulumi up`; to rename it, give usa "
        "opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name='us')])"
    )
    stack.provider.renew()
    assert stack.up(MG, keep_others=True) == SAME
    renamed.destroy()
    stack.destroy()
    assert standing(sandbox) == before


def test_nothing_is_written_without_a_record(sandbox: RunningSandbox, stack: ServiceStack) -> None:
    """Law 1: neither with a placeholder nor with another service's record."""
    stack.up(MG, keep_others=True)
    good = stack.state["service"].inputs
    stack.destroy()
    sandbox.clear_journal()
    life = stack.life("service")

    for inputs, line in (
        (good | {"original": "not recorded yet"}, "is not recorded: run without --target, with credentials"),
        (good | {"service": DEFERRING}, "is not recorded: run without --target, with credentials"),
    ):
        with pytest.raises(ProviderError, match=line):
            life.create(inputs)
    assert written(sandbox) == []


def test_few_requests_are_needed(sandbox: RunningSandbox, stack: ServiceStack, spawn: Spawn) -> None:
    """The services once, the pool once, numbers by one list, Vapi's by one; unchanged numbers cost nothing."""
    stack.up(MG, keep_others=True)
    stack.restart(spawn())
    sandbox.clear_journal()

    assert stack.up(MG, keep_others=True) == SAME

    assert sorted(asked(sandbox)) == [
        f"GET twilio /2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json",
        "GET twilio /v1/Services",
        f"GET twilio /v1/Services/{MG}/PhoneNumbers",
        "GET vapi /v2/phone-number",
    ]
