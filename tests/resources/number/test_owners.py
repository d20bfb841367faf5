"""Whose a number is: no credentials, somebody else's, two owners, and a copied stack."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import asked, line_of, sid_of, standing, written
from tests.resources.provider import ProviderError
from tests.resources.stack import PROPS, Kind, Refused, Stack
from tests.sandbox.world import AC, ORG2_KEY, OTHER, OTHER_TOKEN, WEBHOOK


def test_without_credentials_the_state_stays_as_it_is(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn
) -> None:
    """A preview finds nothing to do and keeps the record; destroy fails in one line and forgets nothing."""
    stack.up(**PROPS)
    held = {kind: (each.inputs, each.outs) for kind, each in stack.state.items()}
    sandbox.clear_journal()
    stack.provider = spawn(TWILIO_ACCOUNT_SID=None, TWILIO_AUTH_TOKEN=None, VAPI_API_KEY=None)

    assert stack.up(**PROPS) == {"originals": "same", "number": "same"}
    assert stack.preview(**{**PROPS, "assistant": "Sales"}) == {"originals": "same", "number": "update"}
    with pytest.raises(ProviderError) as caught:
        stack.destroy()

    assert line_of(caught.value).startswith(f"no credentials for {WEBHOOK}: set ")
    assert {kind: (each.inputs, each.outs) for kind, each in stack.state.items()} == held
    assert asked(sandbox) == []


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"TWILIO_ACCOUNT_SID": OTHER, "TWILIO_AUTH_TOKEN": OTHER_TOKEN},
            (
                f"{WEBHOOK} was set up in Twilio account {AC}, and these credentials are for {OTHER}: use the "
                "credentials "
                "of the recorded account"
            ),
        ),
        (
            {"VAPI_API_KEY": ORG2_KEY},
            None,
        ),
    ],
    ids=["account", "org"],
)
def test_credentials_of_somebody_else_touch_nothing(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn, changes: dict[str, str], line: str | None
) -> None:
    """Law 14: preview, refresh, update and delete refuse, and a 404 of theirs is never "gone"."""
    stack.up(**PROPS)
    before, held, record = standing(sandbox), stack.state["number"], stack.state["originals"]
    sandbox.clear_journal()
    stack.provider = spawn(**changes)

    said = []
    for act in (
        lambda: stack.preview(**PROPS),
        stack.refresh,
        lambda: stack.life("number").update(held.id, held.outs, held.inputs),
        stack.destroy,
        lambda: stack.life("originals").delete(record.id, record.outs),
    ):
        with pytest.raises((Refused, ProviderError)) as caught:
            act()
        said.append(line_of(caught.value))

    assert [one for one in said if line and one != line] == []
    assert written(sandbox) == []
    assert standing(sandbox) == before
    assert list(stack.state) == ["originals", "number"]


def test_two_owners_of_a_number_are_told(sandbox: RunningSandbox, stack: Stack) -> None:
    """One by number, one by SID: the program cannot know, the provider does."""
    stack.preview(**PROPS)
    other = Stack(stack.provider, "sales")

    with pytest.raises(Refused) as caught:
        other.preview(twilio_sid=sid_of(sandbox, WEBHOOK), assistant="Sales")

    assert "is declared twice, by organization/test/dev/support and by organization/test/dev/sales" in str(
        caught.value
    )


def test_a_copied_stack_is_refused(sandbox: RunningSandbox, stack: Stack) -> None:
    """Its state says whose it is; the first stack's numbers are not touched."""
    stack.up(**PROPS)
    copy = Stack(stack.provider, owner="organization/test/copy")
    copy.state = dict(stack.state)
    sandbox.clear_journal()

    with pytest.raises(Refused) as caught:
        copy.up(**PROPS)

    assert str(caught.value) == (
        "this state belongs to stack organization/test/dev, not to organization/test/copy: a copied stack must not "
        "touch the numbers of the first. Remove the resource from this copy with `pulumi state delete` (never `pulumi "
        "destroy` it: that would switch the numbers back). If it is no copy, and the stack was renamed or moved, give "
        "the resource opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(stack='dev')]) for one `pulumi up`"
    )
    assert written(sandbox) == []


@pytest.mark.parametrize("kind", ["number", "originals"])
def test_a_copied_stack_gives_nothing_back(sandbox: RunningSandbox, stack: Stack, kind: Kind) -> None:
    """Its `destroy` asks for Delete alone: the engine says in which stack, the state whose it is."""
    stack.up(**PROPS)
    held = stack.state[kind]
    sandbox.clear_journal()

    with pytest.raises(ProviderError) as caught:
        stack.life(kind).delete(held.id, held.outs, stack="copy", inputs=held.inputs)

    assert line_of(caught.value) == (
        "this state belongs to stack test/dev, not to test/copy: to destroy a copy would give back what the first "
        "stack holds, so nothing is done. Forget the copy, with `pulumi stack rm --force`, or its resources with "
        "`pulumi state delete`. If it is no copy, and dev was renamed or moved to copy, give the resource the alias "
        "that `pulumi preview` names for one `pulumi up`, then destroy it"
    )
    assert asked(sandbox) == []


@pytest.mark.parametrize("says", ["the engine", "an up since", "an alias in this run"])
def test_the_stack_that_holds_a_number_gives_it_back(
    sandbox: RunningSandbox, stack: Stack, says: str
) -> None:
    """Of a renamed stack the inputs say so after an `up`, and outputs only when something else changes."""
    before = standing(sandbox)
    stack.up(**PROPS)
    stack.provider.renew()
    moved = "dev" if says == "the engine" else "live"
    inputs = {kind: held.inputs for kind, held in stack.state.items()}
    if says == "an up since":
        inputs = {kind: {**each, "owner": "organization/test/live/support"} for kind, each in inputs.items()}
    if says == "an alias in this run":
        former = {"owner": "organization/test/live/support", "formerOwners": ["test/dev"]}
        stack.checked(
            "number", stack.number_props(stack.state["originals"].outs["originals"], **PROPS) | former
        )

    kind: Kind
    for kind in ("number", "originals"):
        stack.life(kind).delete(
            stack.state[kind].id, stack.state[kind].outs, stack=moved, inputs=inputs[kind]
        )

    assert standing(sandbox) == before


@pytest.mark.parametrize("name", [None, "Of the other stack"], ids=["the same settings", "a name of its own"])
def test_two_stacks_that_recorded_a_number_before_either_imported_it_hold_it_both(
    sandbox: RunningSandbox, stack: Stack, spawn: Spawn, name: str | None
) -> None:
    """What does not survive says so: an import bears no owner but its settings; a name of its own tells them apart."""
    found = standing(sandbox)
    other = Stack(spawn(), owner="organization/test/other")
    sandbox.fault(vendor="vapi", method="POST", path="/phone-number", status=400)
    with pytest.raises(ProviderError):
        other.up(**PROPS, name=name)
    stack.up(**PROPS)
    before = standing(sandbox)

    if name is not None:
        with pytest.raises(Refused, match="imported by somebody else since it was recorded"):
            other.up(**PROPS, name=name)
        assert standing(sandbox) == before
        return
    assert other.up(**PROPS) == {"originals": "same", "number": "create"}
    assert standing(sandbox) == before

    other.destroy()

    assert standing(sandbox) == found
    stack.provider = spawn()
    assert stack.preview(**PROPS) == {"originals": "same", "number": "update"}
