"""Twilio's Monitor API over HTTP, to read: the alerts of the caller's own account, newest first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from vapi_sms.sandbox.errors import TwilioError, not_found
from vapi_sms.sandbox.paths import sid
from vapi_sms.sandbox.requests import paged, query_of, world_of
from vapi_sms.sandbox.twilio.paging import refuse_unknown
from vapi_sms.sandbox.twilio.routes import caller_of
from vapi_sms.sandbox.twilio.traffic.alerts import DETAILS

if TYPE_CHECKING:
    from starlette.requests import Request

    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.twilio.traffic.alerts import Alert

_PATH = "/v1/Alerts"
_KEPT = timedelta(days=30)
_LEVELS = ("error", "warning", "notice", "debug")


def _here(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}{_PATH}"


def _shown(request: Request, alert: Alert) -> Record:
    return {**alert.record, "url": f"{_here(request)}/{alert.record['sid']}"}


def _visible(request: Request) -> list[Alert]:
    account, now = caller_of(request), world_of(request).twilio.clock.shown()
    found = [alert for alert in list(account.alerts.values()) if now - _KEPT < alert.shows <= now]
    return sorted(found, key=lambda alert: alert.shows)


async def list_alerts(request: Request) -> JSONResponse:
    """Answer one page of the alerts, between two moments and of one level if the query names them."""
    found, query = _visible(request), query_of(request)
    refuse_unknown(query, ("LogLevel", "StartDate", "EndDate"), "the list of Alerts")
    level = query.get("LogLevel")
    if level is not None and level not in _LEVELS:
        raise TwilioError(400, 20001, "Invalid parameter: LogLevel")
    start, end = _moment(query, "StartDate"), _moment(query, "EndDate")
    records = [
        {name: value for name, value in _shown(request, alert).items() if name not in DETAILS}
        for alert in found
        if level in (None, alert.record["log_level"])
        and (start is None or alert.shows >= start)
        and (end is None or alert.shows.replace(microsecond=0) <= end)
    ]
    return JSONResponse(paged(request, records, is_growing=True).as_v1(_here(request), "alerts"))


async def fetch_alert(request: Request) -> JSONResponse:
    """Answer one alert, with what was asked and answered."""
    for alert in _visible(request):
        if alert.record["sid"] == request.path_params["sid"]:
            return JSONResponse(_shown(request, alert))
    raise not_found(request.url.path)


def _moment(query: dict[str, str], name: str) -> datetime | None:
    """Return a day's beginning or a moment, in GMT, as the query says it."""
    text = query.get(name)
    if text is None:
        return None
    try:
        if "T" not in text:
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise TwilioError(400, 20001, f"Invalid parameter: {name}") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


ROUTES = [
    Route(_PATH, list_alerts, methods=["GET"]),
    Route(f"{_PATH}/{sid('NO')}", fetch_alert, methods=["GET"]),
]
