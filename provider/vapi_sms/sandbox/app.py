"""The ASGI app: both vendors' routes, the control surface and the page; refusals become each vendor's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse

from vapi_sms.sandbox.control import bodies as control_bodies
from vapi_sms.sandbox.control import surface as control
from vapi_sms.sandbox.control.answers import answer
from vapi_sms.sandbox.control.gate import Gate
from vapi_sms.sandbox.door import Door
from vapi_sms.sandbox.errors import UNKNOWN_PATH, SandboxRefusal, TwilioError, VapiError
from vapi_sms.sandbox.page import routes as page_routes
from vapi_sms.sandbox.twilio import account_routes, compliance, conversations, messaging_routes
from vapi_sms.sandbox.twilio import routes as twilio_routes
from vapi_sms.sandbox.twilio.traffic import alert_routes, message_routes, orchestrator
from vapi_sms.sandbox.vapi import chat_routes
from vapi_sms.sandbox.vapi import routes as vapi_routes

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from vapi_sms.sandbox.connections import Connections
    from vapi_sms.sandbox.control.gate import Exchange
    from vapi_sms.sandbox.door import Names
    from vapi_sms.sandbox.page.feed import Feed
    from vapi_sms.sandbox.world import World


def build(
    world: World,
    connections: Connections,
    names: Names,
    feed: Feed,
    on_exchange: Callable[[Exchange], None] | None = None,
) -> ASGIApp:
    """Return the whole sandbox as one ASGI app, which answers to these names."""
    app = Starlette(
        routes=[
            *account_routes.ROUTES,
            *twilio_routes.ROUTES,
            *messaging_routes.ROUTES,
            *compliance.ROUTES,
            *conversations.ROUTES,
            *message_routes.ROUTES,
            *alert_routes.ROUTES,
            *orchestrator.ROUTES,
            *vapi_routes.ROUTES,
            *chat_routes.ROUTES,
            *control.ROUTES,
            *page_routes.ROUTES,
        ],
        exception_handlers={
            TwilioError: _vendor_error,
            VapiError: _vendor_error,
            SandboxRefusal: _refusal,
            control_bodies.ControlError: _control_error,
            404: _unknown_path,
            405: _unknown_path,
        },
    )
    app.state.world, app.state.feed = world, feed
    app.router.redirect_slashes = False
    return Door(Gate(app, world, connections, on_exchange), names)


def _vendor_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TwilioError | VapiError)  # noqa: S101 - registered for these only
    return JSONResponse(error.body(), status_code=error.status)


def _control_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, control_bodies.ControlError)  # noqa: S101 - registered for it only
    return answer(request, {"error": str(error)}, error.status)


def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, SandboxRefusal)  # noqa: S101 - registered for it only
    entry = request.scope.get("sandbox.entry")
    if entry is None:
        return answer(request, {"error": f"{error.why}; GET /_sandbox lists what there is"}, 400)
    entry.refused, entry.forbidden = error.why, error.forbidden
    return JSONResponse(error.body(entry.vendor), status_code=400)


def _unknown_path(request: Request, _: Exception) -> Response:
    # Not a 404: a client must not take its own spelling mistake for "gone".
    why = f"there is no {request.method} {request.url.path}"
    return _refusal(request, SandboxRefusal(UNKNOWN_PATH, why))
