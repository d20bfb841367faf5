"""The program: each number as one resource, readable, without a secret."""

from __future__ import annotations

from collections.abc import Callable

from vapi_sms.cli.export.selecting import Adopted, Route, Selected
from vapi_sms.cli.export.writing import Written, holds_secret, left_out_remarks, remark
from vapi_sms.core.inert import quoted
from vapi_sms.core.routings.spelled import as_call

_WIDTH = 88
_INDENT = "    "

_HEAD = """\
\"\"\"Twilio account {account}: who answers texts, as `vapi-sms export` found it.

The first `pulumi up` records every number as it is, and writes nothing to Twilio or Vapi.
\"\"\""""
_ADOPTED = """\
# Vapi answers these already, and who answered before is not known: on destroy texts stay
# at Vapi. Write restore_to=Handler... with what shall answer then."""
_ROUTES = "# Answered by others than Vapi."


def written(selected: Selected) -> Written:
    """Write the program, and give beside it the secrets that it reads from the stack's config."""
    secrets: dict[str, str] = {}
    routes = [_route(route, selected.account_sid, secrets) for route in selected.routes]
    adopted = [_adopted(number) for number in selected.adopted]
    paragraphs = [
        _HEAD.format(account=selected.account_sid),
        _imports(selected, routes, needs_config=bool(secrets)),
        "config = pulumi.Config()" if secrets else "",
        *([_ADOPTED, *adopted] if adopted else []),
        *([_ROUTES, *routes] if routes else []),
        "\n".join(left_out_remarks(selected.left_out)),
    ]
    return Written("\n\n".join(part for part in paragraphs if part) + "\n", secrets)


def _imports(selected: Selected, routes: list[str], *, needs_config: bool) -> str:
    names = {
        "LEAVE_AT_VAPI": bool(selected.adopted),
        "Handler": any("Handler." in route for route in routes),
        "Routing": any("Routing(" in route for route in routes),
        "TwilioSmsRoute": bool(routes),
        "VapiSmsNumber": bool(selected.adopted),
    }
    used = ", ".join(name for name, is_used in names.items() if is_used)
    lines = ["import pulumi"] if needs_config else []
    return "\n".join([*lines, f"from vapi_sms import {used}"] if used else lines)


def _adopted(number: Adopted) -> str:
    kind, attached = number.attached
    arguments = [
        _text(number.name),
        f"number={_text(number.twilio.number)}",
        f"{kind}={_text(attached)}",
        "adopt=True",
        "restore_to=LEAVE_AT_VAPI",
    ]
    return _resource(number, "VapiSmsNumber", arguments)


def _route(route: Route, account_sid: str, secrets: dict[str, str]) -> str:
    call = as_call(route.handler, account_sid)

    def value(field: str, given: str) -> str:
        if not holds_secret(given):
            return _text(given)
        key = f"{route.name}-{'fallback' if field.startswith('fallback') else 'url'}"
        secrets[key] = given
        return f"config.require_secret({_text(key)})"

    handler = _call(
        call.builder,
        [
            *(value(field, given) for field, given in call.first.items()),
            *(f"{field}={value(field, given)}" for field, given in call.named.items()),
        ],
        _INDENT,
        used=len("handler=,"),
    )
    arguments = [_text(route.name), f"number={_text(route.twilio.number)}", f"handler={handler}"]
    return _resource(route, "TwilioSmsRoute", arguments)


def _resource(number: Adopted | Route, kind: str, arguments: list[str]) -> str:
    said = remark(f"{number.twilio.friendly_name}: {number.answered_by}")
    return f"{said}\n{_call(kind, arguments, '')}"


def _call(function: str, arguments: list[str], indent: str, used: int = 0) -> str:
    """Write a call in one line where it fits, else with one argument a line."""
    line = f"{function}({', '.join(arguments)})"
    if len(indent) + used + len(line) <= _WIDTH and "\n" not in line:
        return line
    inner = "".join(f"{indent}{_INDENT}{argument},\n" for argument in arguments)
    return f"{function}(\n{inner}{indent})"


_text: Callable[[str], str] = quoted
