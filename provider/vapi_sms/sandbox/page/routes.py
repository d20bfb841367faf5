"""The page over HTTP: its one HTML file, what that loads, and what happens as server-sent events.

Everything comes from here, and the policy lets a browser load nothing else; texts that others wrote can only be shown
as text.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, cast

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from vapi_sms import drawing

if TYPE_CHECKING:
    from starlette.requests import Request

    from vapi_sms.sandbox.page.feed import Feed

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "html": "text/html"}
_ASSETS = ("page.css", "page.js", "icon.svg")


async def show_page(_: Request) -> Response:
    """Answer the page."""
    return _shown("html", _file("page.html"))


async def show_style(_: Request) -> Response:
    """Answer the style sheet of the drawing."""
    return _shown("css", drawing.style())


async def show_script(_: Request) -> Response:
    """Answer the script of the drawing."""
    return _shown("js", drawing.script())


async def show_asset(request: Request) -> Response:
    """Answer a file that the page loads."""
    name = request.path_params["name"]
    if name not in _ASSETS:
        return Response(status_code=404)
    return _shown(name.rpartition(".")[2], _file(name))


async def tell_events(request: Request) -> Response:
    """Tell what happens from now on, after all that is there."""
    feed = cast("Feed", request.app.state.feed)
    return StreamingResponse(feed.events(), media_type="text/event-stream", headers=_HEADERS)


def _shown(kind: str, text: str) -> Response:
    return Response(text, media_type=_KINDS[kind], headers=_HEADERS)


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


ROUTES = [
    Route("/", show_page, methods=["GET"]),
    Route("/_sandbox/page/drawing.css", show_style, methods=["GET"]),
    Route("/_sandbox/page/drawing.js", show_script, methods=["GET"]),
    Route("/_sandbox/page/{name}", show_asset, methods=["GET"]),
    Route("/_sandbox/events", tell_events, methods=["GET"]),
]
