"""Which life cycle belongs to which provider class; imported late, in the provider process only."""

from __future__ import annotations

from vapi_sms.resources.edge import LifeCycle
from vapi_sms.resources.fleet_life import FleetLife
from vapi_sms.resources.number_life import NumberLife
from vapi_sms.resources.originals_life import OriginalsLife
from vapi_sms.resources.route_life import RouteLife
from vapi_sms.resources.service_life import ServiceLife
from vapi_sms.resources.service_original_life import ServiceOriginalLife

_LIFE_CYCLES: dict[str, LifeCycle] = {
    "fleet": FleetLife(),
    "number": NumberLife(),
    "originals": OriginalsLife(),
    "route": RouteLife(),
    "service": ServiceLife(),
    "service_original": ServiceOriginalLife(),
}


def of(name: str) -> LifeCycle:
    """Give the life cycle of a provider class."""
    return _LIFE_CYCLES[name]
