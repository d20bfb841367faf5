"""Twilio's Conversation Orchestrator over HTTP, to read: the configurations that capture a copy of every text.

There is no OpenAPI excerpt of it: the shapes are those that Twilio's own SDK reads. Whether a captured text also goes
to the number's URL is not known; here it does, as the quickstart has it: who captures only observes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from vapi_sms.sandbox.control.clock import iso_millis
from vapi_sms.sandbox.errors import TwilioError, forbidden, not_found, unknown_parameter
from vapi_sms.sandbox.requests import query_of
from vapi_sms.sandbox.twilio.routes import caller_of

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request

    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.twilio.traffic.seed import CaptureRuleSeed, ConfigurationSeed

_PATH = "/v2/ControlPlane/Configurations"
_USUAL, _LARGEST = 50, 1000


def configuration(seed: ConfigurationSeed, at: datetime) -> Record:
    """Return the configuration that the seed describes."""
    date, channels = iso_millis(at), {"SMS": seed.sms, "VOICE": seed.voice}
    return {
        "id": seed.id,
        "displayName": seed.display_name,
        "description": "",
        "conversationGroupingType": "GROUP_BY_PARTICIPANT_ADDRESSES",
        "memoryStoreId": seed.memory_store_id,
        "channelSettings": {
            name: {"statusTimeouts": {"inactive": None, "closed": None}, "captureRules": _rules(rules)}
            for name, rules in channels.items()
            if rules is not None
        },
        "statusCallbacks": [callback.model_dump() for callback in seed.status_callbacks],
        "intelligenceConfigurationIds": [],
        "traitExtractionStrategyIds": [],
        "observationExtractionStrategyIds": [],
        "memoryExtractionEnabled": False,
        "redactionConfigurationId": None,
        "conversationsV1Bridge": None,
        "createdAt": date,
        "updatedAt": date,
        "version": 1,
    }


def _rules(rules: tuple[CaptureRuleSeed, ...]) -> list[Record]:
    return [{"from": rule.sender, "to": rule.to, "metadata": {}} for rule in rules]


async def list_configurations(request: Request) -> JSONResponse:
    """Answer one page of the account's configurations; a token names where the next one starts."""
    account, query = caller_of(request), query_of(request)
    for name in query:
        if name not in ("pageSize", "pageToken", "memoryStoreId"):
            raise unknown_parameter(name, "the list of Configurations")
    store = query.get("memoryStoreId")
    found = [each for each in account.configurations.values() if store in (None, each["memoryStoreId"])]
    size, start = _whole(query, "pageSize", _USUAL), _whole(query, "pageToken", 0)
    if not 0 < size <= _LARGEST:
        raise TwilioError(400, 20001, "Invalid parameter: pageSize")
    meta = {
        "key": "configurations",
        "pageSize": size,
        "nextToken": str(start + size) if start + size < len(found) else None,
        "previousToken": str(max(0, start - size)) if start else None,
    }
    return JSONResponse({"meta": meta, "configurations": found[start : start + size]})


async def fetch_configuration(request: Request) -> JSONResponse:
    """Answer one configuration."""
    found = caller_of(request).configurations.get(request.path_params["id"])
    if found is None:
        raise not_found(request.url.path)
    return JSONResponse(found)


async def change_configurations(request: Request) -> JSONResponse:
    """Refuse: who captures texts is not ours to change."""
    caller_of(request)
    raise forbidden("configurations of Orchestrator are not ours to make, change or delete")


def _whole(query: dict[str, str], name: str, usual: int) -> int:
    text = query.get(name, str(usual))
    if not text.isdecimal():
        raise TwilioError(400, 20001, f"Invalid parameter: {name}")
    return int(text)


ROUTES = [
    Route(_PATH, list_configurations, methods=["GET"]),
    Route(_PATH, change_configurations, methods=["POST"]),
    Route(f"{_PATH}/{{id}}", fetch_configuration, methods=["GET"]),
    Route(f"{_PATH}/{{id}}", change_configurations, methods=["PUT", "PATCH", "DELETE"]),
]
