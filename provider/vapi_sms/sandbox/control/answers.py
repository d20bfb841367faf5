"""How control requests are answered: for people in lines that can be read, for programs that ask so in one."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic import BaseModel
    from starlette.requests import Request
    from starlette.routing import Route


def answer(request: Request, content: object, status: int = 200) -> Response:
    """Return JSON, indented unless the request names JSON's own type; it ends with a line feed."""
    wants_one_line = "application/json" in request.headers.get("accept", "")
    text = json.dumps(content, ensure_ascii=False, indent=None if wants_one_line else 2)
    return Response(f"{text}\n", status, media_type="application/json")


def listing(
    routes: Iterable[Route], bodies: Mapping[Callable[..., Any], type[BaseModel]]
) -> list[dict[str, Any]]:
    """Return what can be asked: method and path, what it does, and which keys its body has."""
    found = []
    for route in routes:
        method = next(name for name in sorted(route.methods or ()) if name != "HEAD")
        does = inspect.getdoc(route.endpoint) or ""
        entry: dict[str, Any] = {"ask": f"{method} {route.path}", "does": does.partition("\n\n")[0]}
        if route.endpoint in bodies:
            entry["body"] = keys(bodies[route.endpoint])
        found.append(entry)
    return found


def keys(model: type[BaseModel]) -> str:
    """Return the keys that a body may have; those that it has to have come first, with a star."""
    fields = {field.alias or name: field.is_required() for name, field in model.model_fields.items()}
    needed = [f"{name}*" for name, is_needed in fields.items() if is_needed]
    return ", ".join([*needed, *(name for name, is_needed in fields.items() if not is_needed)])
