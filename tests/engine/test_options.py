"""Resource options: the sibling follows, and what would break the record is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.stack import errors, releases
from tests.engine.world import BIN, OLD_APP, SALES, STUDIO, SUPPORT_ON_WEBHOOK, VAPI_SMS, WEBHOOK

if TYPE_CHECKING:
    from tests.engine.stack import Stack


def declared(name: str, options: str, number: str = "WEBHOOK", more: str = "") -> str:
    """Give a declaration with resource options."""
    return f'VapiSmsNumber("{name}", number={number}, assistant="Support"{more}, opts=ResourceOptions({options}))'


def test_forced_replacement_keeps_texts_at_vapi_and_the_true_original(stack: Stack) -> None:
    """`up --replace` of number, sibling or both ends at Vapi, and destroy still gives back what was at first."""
    numbers = {"number": WEBHOOK, "sibling": STUDIO, "both": BIN}
    stack.declare(*(declared(name, "", repr(number)) for name, number in numbers.items()))
    stack.up()
    urns = (stack.urn("number"), stack.sibling("sibling"), stack.urn("both"), stack.sibling("both"))

    stack.up(*(arg for urn in urns for arg in ("--replace", urn)))

    assert {stack.answers(number) for number in numbers.values()} == {"Vapi assistant Support"}
    assert len(stack.sandbox.vapi_numbers()) == 3
    stack.settled()
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_renamed_resources_with_aliases_are_unchanged(stack: Stack) -> None:
    """A rename with an alias, written as Alias, URN or output, leaves number and sibling unchanged."""
    numbers = {"a": WEBHOOK, "b": STUDIO, "c": BIN}
    stack.declare(*(declared(name, "", repr(number)) for name, number in numbers.items()))
    stack.up()
    there = stack.snapshot()
    aliases = {
        "a": 'Alias(name="a")',
        "b": repr(stack.urn("b")),
        "c": f"Output.from_input({stack.urn('c')!r})",
    }

    stack.declare(
        *(
            declared(f"renamed-{name}", f"aliases=[{aliases[name]}]", repr(number))
            for name, number in numbers.items()
        )
    )

    assert "7 unchanged" in stack.preview()
    stack.up()
    assert stack.snapshot() == there
    stack.declare(*(declared(f"renamed-{name}", "", repr(number)) for name, number in numbers.items()))
    stack.settled()
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_renamed_resource_without_an_alias_is_refused(stack: Stack) -> None:
    """A rename without an alias is refused, naming the alias; the number stays with its first resource."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    there = stack.snapshot()

    stack.declare(SUPPORT_ON_WEBHOOK.replace("support", "renamed"))
    for command in ("preview", "up"):
        told = stack.refused(command)
        assert "if this resource was renamed, give it an alias" in told, told

    assert stack.snapshot() == there
    assert set(stack.resources()) - {"renamed-original"} == {"support", "support-original"}
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_protected_number_stays_until_it_is_unprotected(stack: Stack) -> None:
    """`protect` keeps destroy and removal from touching the number; without it all goes back."""
    stack.declare(declared("support", "protect=True"))
    stack.up()
    there = stack.snapshot()

    assert "because it is protected" in stack.fail("destroy", "--yes", "--skip-preview").text
    assert stack.snapshot() == there

    stack.declare(declared("support", "protect=False"))
    stack.up()
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_protected_first_up_that_was_killed_can_be_destroyed(stack: Stack) -> None:
    """`protect` is not carried over to the sibling, so that a killed first up leaves nothing stuck."""
    stack.sandbox.fault(vendor="vapi", method="POST", hold="after")
    stack.declare(declared("support", "protect=True"))
    running = stack.project.start("up")
    stack.wait_for_held()
    running.kill_provider()
    stack.sandbox.release("drop")
    running.wait()

    stack.destroy()

    assert stack.snapshot() == stack.before


def test_retained_number_stays_at_vapi(stack: Stack) -> None:
    """`retain_on_delete` leaves texts with the assistant, for both resources, when the number is removed."""
    stack.declare(declared("support", "retain_on_delete=True"))
    stack.up()
    there = stack.snapshot()

    stack.declare("")
    stack.up()

    assert stack.resources() == {}
    assert stack.snapshot() == there
    assert stack.answers() == "Vapi assistant Support"


@pytest.mark.parametrize("kind", ["number", "fleet", "entry"])
def test_number_that_was_left_stays_as_it_is_whatever_comes(stack: Stack, kind: str) -> None:
    """Another number in its place, `up` again, and `destroy`: what stays is not put back later, nor told to be."""
    retained = "opts=ResourceOptions(retain_on_delete=True)"

    def program(number: str) -> str:
        if kind == "number":
            return f'VapiSmsNumber("support", number={number!r}, assistant="Support", {retained})'
        entry = {"assistant": "Support"} | ({"on_remove": "leave"} if kind == "entry" else {})
        entries = f'"support", numbers={ {number: entry}!r}, {retained}'
        return f"from vapi_sms import VapiSmsFleet; VapiSmsFleet({entries})"

    stack.declare(program(WEBHOOK))
    stack.up()
    there = stack.number(WEBHOOK), stack.vapi()

    stack.declare(program(STUDIO))
    assert f"change: {WEBHOOK}" not in stack.preview()
    assert f"change: {WEBHOOK}" not in stack.up().text
    stack.up()
    stack.settled()
    stack.destroy()

    assert (stack.number(WEBHOOK), stack.vapi()) == there
    assert stack.answers(STUDIO) == "Vapi assistant Support"


def test_retained_number_keeps_its_original_when_that_is_replaced_by_force(stack: Stack) -> None:
    """`up --replace` of what holds the original of a number that stays at Vapi: not one write, and nothing is lost."""
    stack.declare(declared("support", "retain_on_delete=True"))
    stack.up()
    there = stack.snapshot()
    stack.writes()

    stack.up("--replace", stack.sibling())

    assert stack.writes() == []
    assert stack.snapshot() == there
    stack.settled()
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_ignored_changes(stack: Stack) -> None:
    """ignore_changes of the number is refused in one line; of any other input it works, in either spelling."""
    stack.declare(declared("support", 'ignore_changes=["number"]'))
    told = stack.refused()
    assert "ignore_changes=['number'] would keep one number, or service, with another one's original" in told
    assert len(told.splitlines()) == 1

    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    options = 'ignore_changes=["assistant", "sms_enabled"]'
    stack.declare(declared("support", options, more=", sms_enabled=False").replace('"Support"', '"Sales"'))
    stack.settled()


def test_parent_and_explicit_dependencies_carry_over(stack: Stack) -> None:
    """Below a component both resources have its parent, and the dependencies that were declared."""
    stack.declare(
        "team = pulumi.ComponentResource('acme:index:Team', 'team')",
        "support = " + declared("support", "parent=team"),
        declared("sales", "parent=team, depends_on=[support]", number="STUDIO"),
    )
    stack.up()

    parents = {name: resource["parent"] for name, resource in stack.resources().items()}
    assert len(parents) == 4
    assert all(parent.endswith("acme:index:Team::team") for parent in parents.values())
    assert "VapiSmsNumber::support" in str(stack.resources()["sales-original"]["dependencies"])
    stack.settled()
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_component_is_renamed_with_an_alias(stack: Stack) -> None:
    """A number that moves out of its component, with an alias for its old parent, is unchanged."""
    stack.declare(
        "team = pulumi.ComponentResource('acme:index:Team', 'team')", declared("support", "parent=team")
    )
    stack.up()
    parent = next(r["parent"] for r in stack.resources().values())

    stack.declare(
        "team = pulumi.ComponentResource('acme:index:Team', 'team')",
        declared("support", f"aliases=[Alias(parent={parent!r})]"),
    )

    assert "4 unchanged" in stack.preview()
    stack.up()
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_destroyed_by_target_and_taken_up_again(stack: Stack) -> None:
    """`destroy --target` of the number alone gives the routing back; the next up hands over again."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()

    stack.destroy("--target", stack.urn())

    assert stack.snapshot() == stack.before
    assert set(stack.resources()) == {"support-original"}
    stack.up()
    assert stack.answers() == "Vapi assistant Support"
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_number_forgotten_by_the_state_is_taken_up_again_while_its_record_is_there(stack: Stack) -> None:
    """After `pulumi state delete` of the number the sibling still knows; without both it is refused."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    vapi_id = stack.vapi()["id"]

    stack.run("state", "delete", stack.urn(), "--yes")
    stack.up()
    assert stack.vapi()["id"] == vapi_id
    stack.settled()

    stack.run("state", "delete", stack.urn(), "--yes")
    stack.run("state", "delete", stack.sibling(), "--yes")
    told = stack.refused()
    assert "no original routing is recorded" in told or "already in this Vapi org" in told
    assert stack.answers() == "Vapi assistant Support"


def test_number_gone_at_twilio(stack: Stack) -> None:
    """A released number: preview refuses it, refresh keeps it, and destroy goes on when a person says so."""
    stack.declare(SUPPORT_ON_WEBHOOK, 'VapiSmsNumber("studio", number=STUDIO, assistant="Support")')
    stack.up()
    stack.sandbox.outside_release(WEBHOOK)

    for command in ("preview", "up"):
        assert "is not a number of this Twilio account" in stack.refused(command)
    stack.refresh()
    assert "support" in stack.resources()
    told = errors(stack.fail("destroy", "--yes", "--skip-preview", "--continue-on-error"))
    assert f"VAPI_SMS_RELEASED={WEBHOOK}" in told
    with stack.with_env(VAPI_SMS_RELEASED=WEBHOOK):
        told = stack.destroy().text

    assert f"{WEBHOOK} is on no account any more, as you say" in told
    gone = stack.snapshot()
    assert gone["vapi"] == {}
    assert gone["numbers"] == {n: r for n, r in stack.before["numbers"].items() if n != WEBHOOK}


def test_number_gone_at_vapi(stack: Stack) -> None:
    """A record deleted in Vapi: refresh keeps the number, up imports it again, destroy restores without it."""
    stack.declare(SUPPORT_ON_WEBHOOK, f'VapiSmsNumber("bin", number="{BIN}", assistant="{SALES}")')
    stack.up()
    stack.edit_vapi("delete", id=stack.vapi(WEBHOOK)["id"])
    stack.edit_vapi("delete", id=stack.vapi(BIN)["id"])

    stack.refresh()
    assert "support" in stack.resources()
    stack.up()
    assert stack.answers() == "Vapi assistant Support"
    stack.settled()
    stack.edit_vapi("delete", id=stack.vapi(WEBHOOK)["id"])

    stack.destroy()

    assert stack.snapshot() == stack.before
    assert stack.answers() == OLD_APP


def test_assistant_deleted_in_vapi_is_refused_at_preview(stack: Stack) -> None:
    """A deleted assistant is named at preview; the number can still be destroyed."""
    stack.declare(SUPPORT_ON_WEBHOOK, f'VapiSmsNumber("sales", number=STUDIO, assistant="{SALES}")')
    stack.up()
    stack.edit_vapi("delete", kind="assistant", id=SALES)

    assert f"no assistant of this Vapi org has the id {SALES}" in stack.refused()

    stack.destroy()
    assert stack.snapshot() == stack.before
    assert VAPI_SMS not in str(stack.snapshot())
    assert STUDIO in stack.snapshot()["numbers"]
    assert releases(stack.journal()) == []
