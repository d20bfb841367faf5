"""What the tests of TwilioSmsRoute share: a small engine for a route, and what is asserted on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from vapi_sms import Handler, Routing
from vapi_sms.resources.dynamic import Route
from vapi_sms.resources.inputs.words import UNRECORDED, to_camel
from vapi_sms.resources.program.restore_to import engine_value
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import asked, same_for_all
from tests.resources.provider import Life, Props, Provider, ProviderError
from tests.resources.stack import Kind, Refused, Stack, _by_key
from tests.sandbox.world import SHORT, WEBHOOK, twilio

FLOW = Handler.studio_flow("FW" + "e" * 32)
OTHER_FLOW = Handler.studio_flow("FW" + "f" * 32)
MINE = Handler.webhook("https://mine.example/sms?key=url-canary")
ROUTE: Props = {"number": WEBHOOK, "handler": FLOW}
SAME, UPDATED = {"originals": "same", "number": "same"}, {"originals": "update", "number": "update"}
CREATED = {"originals": "create", "number": "create"}


def route_life(provider: Provider) -> Life:
    """Give the calls of a route."""
    return provider.life(Route())


class RouteStack(Stack):
    """The small engine with a route in place of its number."""

    def life(self, kind: Kind) -> Life:
        """Give the calls of a resource's class."""
        return route_life(self.provider) if kind == "number" else super().life(kind)

    def sibling_props(self, *, adopt: object = False, restore_to: object = None, **given: object) -> Props:
        """Give what the program registers for the sibling."""
        assert adopt is False, "a route adopts nothing"
        key = next((given[name] for name in ("number", "twilio_sid", "short_code") if name in given), None)
        return {
            **self._owner,
            "numbers": _by_key(key, {}),
            "restoreTo": None if restore_to is None else _by_key(key, engine_value(restore_to)),
            "routes": _by_key(key, engine_value(given["handler"])),
            "originals": UNRECORDED,
        }

    def number_props(self, originals: object, **given: object) -> Props:
        """Give what the program registers for the route."""
        camel = {to_camel(name): given[name] for name in given if name not in ("restore_to", "handler")}
        return {**self._owner, **camel, "handler": engine_value(given["handler"]), "original": originals}

    @property
    def outs(self) -> Props:
        """The route's outputs."""
        return self.state["number"].outs


def refused(act: Callable[[], object]) -> str:
    """Give the only line of a refusal; it names no property, whose value would be printed."""
    with pytest.raises(Refused) as caught:
        act()
    (failure,) = caught.value.failures
    assert failure.property == ""
    assert "canary" not in failure.reason
    return same_for_all(failure.reason)


def line_of(act: Callable[[], object]) -> str:
    """Give a failed call's text as one line without a secret."""
    with pytest.raises(ProviderError) as caught:
        act()
    text = str(caught.value)
    assert "\n" not in text
    assert "canary" not in text
    return same_for_all(text).removeprefix("VapiSms: ")


def vapis(sandbox: RunningSandbox) -> list[str]:
    """Give what was asked of Vapi."""
    return [entry for entry in asked(sandbox) if entry.split()[1] == "vapi"]


def change_short_code(sandbox: RunningSandbox, **fields: str) -> None:
    """Change the short code as somebody in the Console."""
    twilio(sandbox).short_codes(SHORT).update(**fields)
    sandbox.clear_journal()


def engine_value_of(handler: Routing) -> Props:
    """Give a handler as the engine keeps it."""
    found = engine_value(handler)
    assert isinstance(found, dict)
    return found
