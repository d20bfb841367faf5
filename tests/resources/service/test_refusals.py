"""What is refused of a service: each in one line, with the way out, and nothing is written."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import line_of, standing, written
from tests.resources.provider import ProviderError
from tests.resources.service_stack import SAME, SERVICE, Refused, ServiceStack, hand_over
from tests.sandbox.pool import HANDLER, POOL
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
    OTHER,
    OTHER_TOKEN,
    SILENT,
    STUDIO,
    WEBHOOK,
)


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
