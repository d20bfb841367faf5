"""All that others can do at the vendors while nobody looks, by the last part of its path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from vapi_sms.sandbox.behaviour import Strict
from vapi_sms.sandbox.errors import NoSuchThingError
from vapi_sms.sandbox.twilio import outside as outside_twilio
from vapi_sms.sandbox.vapi import outside as outside_vapi

if TYPE_CHECKING:
    from collections.abc import Callable

    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.world import World


class CredentialsEdit(Strict):
    """Rotate a Twilio auth token, set or delete (null) an API key, or rotate a Vapi key."""

    account: str | None = None
    auth_token: str | None = None
    api_keys: dict[str, str | None] = Field(default_factory=dict)
    org: str | None = None
    api_key: str | None = None


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
        outside_vapi.org_named(world, edit.org).api_key = edit.api_key
    return {"account": edit.account, "org": edit.org}


EDITS: dict[str, tuple[type[Any], Callable[[World, Any], Record]]] = {
    "number": (outside_twilio.NumberEdit, outside_twilio.edit_number),
    "purchase": (outside_twilio.Purchase, outside_twilio.buy),
    "account": (outside_twilio.AccountEdit, outside_twilio.edit_account),
    "service": (outside_twilio.ServiceEdit, outside_twilio.edit_service),
    "application": (outside_twilio.ThingEdit, outside_twilio.edit_application),
    "address": (outside_twilio.ThingEdit, outside_twilio.edit_address),
    "vapi": (outside_vapi.VapiEdit, outside_vapi.edit_vapi),
    "credentials": (CredentialsEdit, edit_credentials),
}
