"""What others do at Twilio while nobody looks: Console edits, releases, moves, new numbers. No rules apply."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from vapi_sms.sandbox.behaviour import Strict
from vapi_sms.sandbox.control.clock import iso_seconds, rfc2822
from vapi_sms.sandbox.errors import NoSuchThingError
from vapi_sms.sandbox.twilio.number import bought, numbers_of
from vapi_sms.sandbox.twilio.seed import E164, AccountSid, NumberSeed, NumberSid, ServiceSid

if TYPE_CHECKING:
    from vapi_sms.sandbox.twilio.account import Account
    from vapi_sms.sandbox.twilio.number import Number, Record
    from vapi_sms.sandbox.world import World

_NOT_TO_SET = ("sid", "phone_number", "account_sid", "uri")


class NumberEdit(Strict):
    """Change a Twilio number's fields, move it to another account, release it, or put it into a Messaging Service.

    A null service takes it out of the one that it is in; a move does so, too.
    """

    number: str
    set: dict[str, Any] = Field(default_factory=dict)
    account: AccountSid | None = None
    release: bool = False
    messaging_service: str | None = None


class Purchase(Strict):
    """Buy a number, also one that was released: its SID is new. Over the API, or in the Console with demo URLs."""

    number: E164
    account: AccountSid
    sid: NumberSid | None = None
    where: Literal["api", "console"] = "api"


class AccountEdit(Strict):
    """Rename an account, suspend, close or reactivate it; closing releases its numbers for ever."""

    sid: AccountSid
    friendly_name: str | None = None
    status: Literal["active", "suspended", "closed"] | None = None


class ThingEdit(Strict):
    """Change fields of a Messaging Service, a TwiML App or a Conversations address, or delete it."""

    sid: str
    set: dict[str, Any] = Field(default_factory=dict)
    delete: bool = False


class ServiceEdit(ThingEdit):
    """Change fields of a Messaging Service, put numbers into it, or delete it; in an account it is made if need be."""

    sid: ServiceSid
    account: AccountSid | None = None
    numbers: tuple[str, ...] = ()


def edit_number(world: World, edit: NumberEdit) -> Record:
    """Edit a number; the answer is its record."""
    number = world.twilio.number(edit.number)
    if number is None:
        raise NoSuchThingError(f"no number {edit.number}")
    unknown = [name for name in edit.set if name not in number.record or name in _NOT_TO_SET]
    if unknown:
        raise NoSuchThingError(f"a number has no {', '.join(sorted(unknown))} that could be set")
    if edit.set:
        number = world.twilio.write(number, edit.set)
    if edit.account is not None:
        number = world.twilio.move(number, _account(world, edit.account))
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


def buy(world: World, purchase: Purchase) -> Record:
    """Buy a number; the answer is its record."""
    account = _account(world, purchase.account)
    if purchase.number in world.twilio.by_phone:
        raise NoSuchThingError(f"{purchase.number} is not for sale: somebody here has it")
    sid = purchase.sid or f"PN{uuid.uuid4().hex}"
    (plain,) = numbers_of(
        NumberSeed(phone_number=purchase.number, sid=sid), account.sid, world.twilio.clock.now()
    )
    return world.twilio.keep(bought(plain, with_demo=purchase.where == "console")).record


def edit_account(world: World, edit: AccountEdit) -> Record:
    """Edit an account; the answer is what Twilio shows of it, without its token."""
    account = _account(world, edit.sid)
    changes = edit.model_dump(exclude={"sid"}, exclude_none=True)
    before = world.twilio.account_records[edit.sid]
    after = {**before, **changes, "date_updated": rfc2822(world.twilio.clock.now())}
    world.twilio.account_records[edit.sid] = after
    if edit.status == "closed":
        for number in list(account.numbers.values()):
            world.twilio.release(number)
    return after


def _account(world: World, sid: str) -> Account:
    account = world.twilio.accounts.get(sid)
    if account is None:
        raise NoSuchThingError(f"no account {sid}")
    return account


def edit_service(world: World, edit: ServiceEdit) -> Record:
    """Edit, make or delete a Messaging Service; the answer is its record. Numbers of a deleted one are in none."""
    holders = (each for each in world.twilio.accounts.values() if edit.sid in each.services)
    account = next(holders, None)
    if account is None:
        if edit.account is None:
            raise NoSuchThingError(f"no service {edit.sid}")
        account = _account(world, edit.account)
    numbers = [world.twilio.by_phone.get(name) for name in edit.numbers]
    for name, number in zip(edit.numbers, numbers, strict=True):
        if number is None or number.sid not in account.numbers:
            raise NoSuchThingError(f"no number {name} in the service's account")
    if edit.sid not in account.services:
        world.twilio.found_service(account, edit.sid)
    service = account.services[edit.sid].written(edit.set, world.twilio.clock.now())
    account.services[edit.sid] = service
    for number in numbers:
        if number is not None:
            world.twilio.join(number, account.services[edit.sid])
    if edit.delete:
        world.twilio.dissolve(account, account.services[edit.sid])
    return service.record


def edit_application(world: World, edit: ThingEdit) -> Record:
    """Edit or delete a TwiML App; numbers that point at a deleted one keep pointing at it."""
    return _edit_record(world, "application", edit, rfc2822(world.twilio.clock.now()))


def edit_address(world: World, edit: ThingEdit) -> Record:
    """Edit or delete a Conversations address."""
    return _edit_record(world, "address", edit, iso_seconds(world.twilio.clock.now()))


def _edit_record(world: World, kind: Literal["application", "address"], edit: ThingEdit, date: str) -> Record:
    for account in world.twilio.accounts.values():
        records = account.applications if kind == "application" else account.conversation_addresses
        if edit.sid in records:
            record = records[edit.sid] = {**records[edit.sid], **edit.set, "date_updated": date}
            if edit.delete:
                del records[edit.sid]
            return record
    raise NoSuchThingError(f"no {kind} {edit.sid}")
