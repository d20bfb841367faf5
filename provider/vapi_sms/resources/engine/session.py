"""The session: this process's configuration and vendors. A provider process has one of each."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from vapi_sms.core.errors import Refusal
from vapi_sms.live.engine import engine_of_this_process
from vapi_sms.live.settings import Settings, resolve_settings
from vapi_sms.live.sources import CONFIG_KEYS
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import notices, status
from vapi_sms.resources.inputs.words import EXPLICIT

_lock = threading.Lock()
_config: dict[str, str | None] = {}
_settings: dict[bool, Settings | None] = {}
_vendors: Vendors | None = None


def configure(get: Callable[[str], object]) -> None:
    """Take note of the configuration that the engine gives this process."""
    values = {key: get(key) for key in (*CONFIG_KEYS, EXPLICIT)}
    with _lock:
        _config.update({key: None if value is None else str(value) for key, value in values.items()})
        _settings.clear()


def vendors(*, needs_vapi: bool = True) -> Vendors | None:
    """Give both vendors to change something, or None where there are no credentials at all.

    Without `needs_vapi` Vapi's key may be missing: then only Twilio is to be asked. Raises Refusal where credentials
    contradict each other, and where the engine's mode could lose a record.
    """
    _refuse_without_checkpoints()
    return _vendors_for(needs_vapi=needs_vapi)


def _refuse_without_checkpoints() -> None:
    """Raise Refusal where the engine saves nothing before it is through: the record would be nowhere meanwhile.

    Of all that the engine's source reads from its environment, this alone does that.
    """
    if os.environ.get(SKIP_CHECKPOINTS, "").strip().lower() in ("1", "true"):
        raise Refusal(
            "engine",
            f"{SKIP_CHECKPOINTS} is set: Pulumi saves its state only when all is done, and if it is killed before, "
            "what answered until now is lost for good. Unset it and run the same command again",
        )


SKIP_CHECKPOINTS = "PULUMI_SKIP_CHECKPOINTS"


def _vendors_for(*, needs_vapi: bool) -> Vendors | None:
    global _vendors  # noqa: PLW0603 one process, one account: what is read is shared by all its resources
    with _lock:
        # Read for each need: vendors that are there may have been made for who does not need Vapi.
        if needs_vapi not in _settings:
            explicit = bool(_config.get(EXPLICIT))
            _settings[needs_vapi] = resolve_settings(
                os.environ, _config, explicit=explicit, needs_vapi=needs_vapi
            )
        settings = _settings[needs_vapi]
        if settings is None:
            return None
        if _vendors is None:
            _vendors = Vendors(settings, engine_of_this_process(), status.waiting)
        return _vendors


def vendors_to_give_back(subject: str, *, needs_vapi: bool = True) -> Vendors:
    """Give both vendors to put numbers back with; where a person says that Vapi is lost for good, without its key.

    Raises Refusal where there are no credentials.
    """
    try:
        return vendors_to_read(subject, needs_vapi=needs_vapi)
    except Refusal:
        found = _vendors_for(needs_vapi=False)
        if found is None or not found.settings.without_vapi:
            raise
        return found


def vendors_to_check(subject: str, *, is_up: bool, needs_vapi: bool = True) -> Vendors | None:
    """Give both vendors to judge with; of a preview None, which is said, where there are no credentials at all.

    An `up` would find nothing changed where nobody looked: it raises Refusal, and raises what `vendors` does.
    """
    if is_up:
        return required_vendors(subject, needs_vapi=needs_vapi)
    found = vendors(needs_vapi=needs_vapi)
    if found is None:
        notices.tell_once(notices.NO_CREDENTIALS)
    return found


def required_vendors(subject: str, *, needs_vapi: bool = True) -> Vendors:
    """Give both vendors to change something; raises Refusal where there are no credentials, or as `vendors` does."""
    _refuse_without_checkpoints()
    return vendors_to_read(subject, needs_vapi=needs_vapi)


def vendors_to_read(subject: str, *, needs_vapi: bool = True) -> Vendors:
    """Give both vendors; raises Refusal where there are no credentials."""
    found = _vendors_for(needs_vapi=needs_vapi)
    if found is None:
        raise Refusal(
            subject,
            f"no credentials for {subject}: set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and "
            f"TWILIO_API_SECRET){_VAPI_TOO if needs_vapi else _STACK}",
        )
    return found


_VAPI_TOO = " and VAPI_API_KEY, or the stack's twilio:accountSid, twilio:authToken and vapi:apiKey"
_STACK = ", or the stack's twilio:accountSid and twilio:authToken"
