"""Reaching the vendors from the command line: credentials, the numbers that were typed, trouble as one line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from vapi_sms.cli.trouble import CannotGoOn
from vapi_sms.core.errors import BadInput, ProviderError
from vapi_sms.core.numbers import parse_any_number, parse_number_sid
from vapi_sms.live.engine import EngineGuard
from vapi_sms.live.settings import Settings, resolve_settings
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.inputs.entries import spelled

_NO_CREDENTIALS = (
    "no credentials: set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and TWILIO_API_SECRET) and "
    "VAPI_API_KEY"
)


class NothingToTell(CannotGoOn):
    """Trouble that kept a command from telling anything, apart from what it may find."""

    exit_code = 2


@contextmanager
def one_line() -> Iterator[None]:
    """Let expected trouble leave as one line."""
    try:
        yield
    except ProviderError as trouble:
        raise NothingToTell(str(trouble)) from None


def settings_from(config: Mapping[str, str] | None = None, *, needs_vapi: bool = True) -> Settings | None:
    """Give the settings of the environment, then of a stack's configuration; those of routes need no Vapi."""
    with one_line():
        return resolve_settings(os.environ, config or {}, needs_vapi=needs_vapi)


@contextmanager
def reached(settings: Settings | None) -> Iterator[Vendors]:
    """Give both vendors, and close their connections at the end."""
    if settings is None:
        raise NothingToTell(_NO_CREDENTIALS)
    vendors = Vendors(settings, EngineGuard(None, None))
    try:
        with one_line():
            yield vendors
    finally:
        vendors.twilio.close()
        vendors.vapi.close()


def parsed_keys(typed: Sequence[str]) -> list[str]:
    """Give what was typed as E.164 numbers and PN SIDs, each once."""
    return list(dict.fromkeys(_key(text) for text in typed))


def _key(text: str) -> str:
    key = spelled(text)
    try:
        return parse_any_number(key) if not key.startswith(("PN", "SC")) else parse_number_sid(key)
    except BadInput as mistake:
        raise NothingToTell(str(mistake)) from None
