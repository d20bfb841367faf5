"""What others do at the vendors while nobody looks: Console edits, releases, rotations. No rules apply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from vapi_sms.sandbox.behaviour import Strict
from vapi_sms.sandbox.clock import iso_seconds, rfc2822
from vapi_sms.sandbox.state import vapi_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from vapi_sms.sandbox.twilio_number import Number, Record
    from vapi_sms.sandbox.vapi_models import Org
    from vapi_sms.sandbox.world import World


class NoSuchThingError(ValueError):
    """The edit names something that is not there."""


class NumberEdit(Strict):
    """Change a Twilio number's fields, release it, or put it into a Messaging Service (null: out of it)."""

    number: str
    set: dict[str, Any] = Field(default_factory=dict)
    release: bool = False
    messaging_service: str | None = None


class ServiceEdit(Strict):
    """Change a Messaging Service's fields, or delete it."""

    sid: str
    set: dict[str, Any] = Field(default_factory=dict)
    delete: bool = False


class ApplicationEdit(Strict):
    """Change a TwiML App's fields, or delete it."""

    sid: str
    set: dict[str, Any] = Field(default_factory=dict)
    delete: bool = False


class AddressEdit(Strict):
    """Change fields of a Conversations address, or delete it."""

    sid: str
    set: dict[str, Any] = Field(default_factory=dict)
    delete: bool = False


class VapiEdit(Strict):
    """Create, edit or delete a phone number, assistant or squad in Vapi, without any effect at Twilio."""

    do: Literal["create", "edit", "delete"]
    kind: Literal["phone_number", "assistant", "squad"] = "phone_number"
    org: str | None = Field(default=None, description="needed where the sandbox has several")
    id: str | None = None
    set: dict[str, Any] = Field(default_factory=dict)


class CredentialsEdit(Strict):
    """Rotate a Twilio auth token, set or delete (null) an API key, or rotate a Vapi key."""

    account: str | None = None
    auth_token: str | None = None
    api_keys: dict[str, str | None] = Field(default_factory=dict)
    org: str | None = None
    api_key: str | None = None


def edit_number(world: World, edit: NumberEdit) -> Record:
    """Edit a number; the answer is its record."""
    number = world.twilio.number(edit.number)
    if number is None:
        raise NoSuchThingError(f"no number {edit.number}")
    unknown = set(edit.set) - set(number.record)
    if unknown:
        raise NoSuchThingError(f"a number has no {', '.join(sorted(unknown))}")
    if edit.set:
        number.write(edit.set, world.clock.now())
    if "messaging_service" in edit.model_fields_set:
        _join(world, number, edit.messaging_service)
    if edit.release:
        world.twilio.release(number)
    return number.record


def _join(world: World, number: Number, sid: str | None) -> None:
    services = world.twilio.account_of(number).services
    if sid is not None and sid not in services:
        raise NoSuchThingError(f"no service {sid} in the number's account")
    world.twilio.join(number, None if sid is None else services[sid])


def edit_service(world: World, edit: ServiceEdit) -> Record:
    """Edit or delete a Messaging Service; the answer is its record. Numbers of a deleted one are in none."""
    for account in world.twilio.accounts.values():
        if edit.sid in account.services:
            service = account.services[edit.sid]
            service.write(edit.set, world.clock.now())
            if edit.delete:
                world.twilio.dissolve(account, service)
            return service.record
    raise NoSuchThingError(f"no service {edit.sid}")


def edit_application(world: World, edit: ApplicationEdit) -> Record:
    """Edit or delete a TwiML App; numbers that point at a deleted one keep pointing at it."""
    for account in world.twilio.accounts.values():
        if edit.sid in account.applications:
            app = account.applications[edit.sid]
            app.update(edit.set, date_updated=rfc2822(world.clock.now()))
            if edit.delete:
                del account.applications[edit.sid]
            return app
    raise NoSuchThingError(f"no application {edit.sid}")


def edit_address(world: World, edit: AddressEdit) -> Record:
    """Edit or delete a Conversations address."""
    for account in world.twilio.accounts.values():
        if edit.sid in account.conversation_addresses:
            record = account.conversation_addresses[edit.sid]
            record.update(edit.set, date_updated=iso_seconds(world.clock.now()))
            if edit.delete:
                del account.conversation_addresses[edit.sid]
            return record
    raise NoSuchThingError(f"no address {edit.sid}")


def edit_vapi(world: World, edit: VapiEdit) -> Record:
    """Create, edit or delete something in Vapi; the answer is its record."""
    org = _org(world, edit.org)
    things = org.collection(edit.kind)
    if edit.do == "create":
        return _create(world, org, edit)
    if edit.id not in things:
        raise NoSuchThingError(f"no {edit.kind} {edit.id}")
    record = things[edit.id]
    if edit.do == "edit":
        world.vapi.change(record, edit.set)
    elif edit.kind == "phone_number":
        world.vapi.remove(org, record)
    else:
        del things[edit.id]
    return vapi_number(record)


def _create(world: World, org: Org, edit: VapiEdit) -> Record:
    given = {**edit.set, **({"id": edit.id} if edit.id else {})}
    if edit.kind == "phone_number":
        usual = {"provider": "twilio", "status": "active", "smsEnabled": True}
        return vapi_number(world.vapi.add(org, {**usual, **given}))
    if "id" not in given:
        raise NoSuchThingError(f"a new {edit.kind} needs an id")
    org.collection(edit.kind)[given["id"]] = world.vapi.dated(org, given)
    return given


def _org(world: World, name: str | None) -> Org:
    if name is None and len(world.vapi.orgs) == 1:
        return next(iter(world.vapi.orgs.values()))
    if name is None or name not in world.vapi.orgs:
        raise NoSuchThingError(f"no org {name}; there are {', '.join(world.vapi.orgs)}")
    return world.vapi.orgs[name]


def edit_credentials(world: World, edit: CredentialsEdit) -> Record:
    """Rotate or revoke credentials; the answer names what was changed."""
    if edit.account is not None:
        account = world.twilio.accounts.get(edit.account)
        if account is None:
            raise NoSuchThingError(f"no account {edit.account}")
        account.auth_token = edit.auth_token or account.auth_token
        for sid, secret in edit.api_keys.items():
            account.api_keys.pop(sid, None)
            if secret is not None:
                account.api_keys[sid] = secret
    if edit.api_key is not None:
        _org(world, edit.org).api_key = edit.api_key
    return {"account": edit.account, "org": edit.org}


EDITS: dict[str, tuple[type[Any], Callable[[World, Any], Record]]] = {
    "number": (NumberEdit, edit_number),
    "service": (ServiceEdit, edit_service),
    "application": (ApplicationEdit, edit_application),
    "address": (AddressEdit, edit_address),
    "vapi": (VapiEdit, edit_vapi),
    "credentials": (CredentialsEdit, edit_credentials),
}
