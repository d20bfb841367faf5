"""What others do at Vapi while nobody looks. No rules apply, and nothing happens at Twilio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from vapi_sms.sandbox.behaviour import Strict
from vapi_sms.sandbox.errors import NoSuchThingError
from vapi_sms.sandbox.state import vapi_number

if TYPE_CHECKING:
    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.vapi.models import Org
    from vapi_sms.sandbox.world import World


class VapiEdit(Strict):
    """Create, edit or delete a phone number, assistant or squad in Vapi, without any effect at Twilio.

    A phone number is Twilio's unless `provider` says otherwise; `provider: null` makes one that does not say, as old
    imports do not.
    """

    do: Literal["create", "edit", "delete"]
    kind: Literal["phone_number", "assistant", "squad"] = "phone_number"
    org: str | None = Field(default=None, description="needed where the sandbox has several")
    id: str | None = None
    set: dict[str, Any] = Field(default_factory=dict)


def edit_vapi(world: World, edit: VapiEdit) -> Record:
    """Create, edit or delete something in Vapi; the answer is its record."""
    org = org_named(world, edit.org)
    things = org.collection(edit.kind)
    if edit.do == "create":
        return _create(world, org, edit)
    if edit.id is None or edit.id not in things:
        raise NoSuchThingError(f"no {edit.kind} {edit.id}")
    record = things[edit.id]
    if edit.do == "edit":
        record = world.vapi.change(things, record, edit.set)
    elif edit.kind == "phone_number":
        world.vapi.remove(org, record)
    else:
        del things[edit.id]
    return vapi_number(record)


def _create(world: World, org: Org, edit: VapiEdit) -> Record:
    given = {**edit.set, **({"id": edit.id} if edit.id else {})}
    if edit.kind == "phone_number":
        usual = {"provider": "twilio", "status": "active"}
        texts = {"smsEnabled": True} if given.get("provider", "twilio") in ("twilio", None) else {}
        return vapi_number(world.vapi.add(org, {**usual, **texts, **given}))
    if "id" not in given:
        raise NoSuchThingError(f"a new {edit.kind} needs an id")
    return world.vapi.create(org, edit.kind, given)


def org_named(world: World, name: str | None) -> Org:
    """Return the organisation that an edit names, or the only one."""
    if name is None and len(world.vapi.orgs) == 1:
        return next(iter(world.vapi.orgs.values()))
    if name is None or name not in world.vapi.orgs:
        raise NoSuchThingError(f"no org {name}; there are {', '.join(world.vapi.orgs)}")
    return world.vapi.orgs[name]
