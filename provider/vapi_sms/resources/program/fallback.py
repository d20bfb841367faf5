"""What a program may write as `fallback`, and how the engine is told."""

from __future__ import annotations

from typing import Any, Literal

import pulumi

from vapi_sms.core.routings.routing import Routing
from vapi_sms.resources.inputs.words import FALLBACKS
from vapi_sms.resources.program.restore_to import engine_value

Fallback = Routing | pulumi.Input[Literal["keep", "original"]]
"""Who answers texts where Vapi fails: whoever it was, the original, or a handler's routing."""


def kept_fallback(fallback: object) -> dict[str, Any]:
    """Give the input as the engine keeps it; what is as if nothing were said is not said.

    A routing is secret, since a webhook's URL may carry a token: people read `answeredBy`.
    """
    if fallback is None or (isinstance(fallback, str) and fallback == FALLBACKS[0]):
        return {}
    if isinstance(fallback, Routing):
        return {"fallback": pulumi.Output.secret(engine_value(fallback))}
    return {"fallback": fallback}
