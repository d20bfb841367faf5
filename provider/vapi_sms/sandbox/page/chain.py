"""Who answers a number's texts, as JSON for the drawing: what delivery decides, told without delivering anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vapi_sms.sandbox.control.redaction import masked_url
from vapi_sms.sandbox.texts import delivery
from vapi_sms.sandbox.texts.handlers import Handler, handler_of
from vapi_sms.sandbox.texts.message import Text
from vapi_sms.sandbox.texts.precedence import Link, Route, route_of
from vapi_sms.sandbox.texts.vapi_answer import Answering
from vapi_sms.sandbox.texts.webhook import WebhookError

if TYPE_CHECKING:
    from vapi_sms.sandbox.behaviour import Behaviour
    from vapi_sms.sandbox.twilio.number import Number
    from vapi_sms.sandbox.twilio.short_code import ShortCode
    from vapi_sms.sandbox.world import World

Drawn = dict[str, Any]

SENDER = "+12025550143"
"""Who would text: somebody in the US, without a picture."""
_KINDS = {"twiml_bin": "bin", "studio_flow": "studio", "studio_executions": "studio"}
_NOBODY = ("nobody", "nobody")


def name_of(number: Number | ShortCode) -> str:
    """Return what is texted: a number, or a short code."""
    return str(number.record.get("phone_number") or number.record["short_code"])


def drawn(world: World, number: Number | ShortCode) -> Drawn:
    """Return who answers a number and through what."""
    return _Drawing(world, number).drawn()


class _Drawing:
    """One number's chain as it grows, link by link."""

    def __init__(self, world: World, number: Number | ShortCode) -> None:
        self._world, self._number = world, number
        self._text = Text(SENDER, name_of(number), "")
        self._behaviour = world.behaviour.at(self._text.to)
        self._problem: str | None = None
        self._chain: list[Drawn] = []

    def drawn(self) -> Drawn:
        account = self._world.twilio.account_of(self._number)
        several = len(self._world.twilio.accounts) > 1
        detail = f"{self._number.sid}, in {account.sid}" if several else self._number.sid
        self._add("Number", self._text.to, detail)
        kind, answered_by = self._answered()
        return {
            "number": self._text.to,
            "name": self._number.record["friendly_name"],
            "answeredBy": answered_by,
            "kind": kind,
            "problem": self._problem,
            "note": _note(kind, self._behaviour),
            "chain": self._chain,
            "account": account.sid,
        }

    def _answered(self) -> tuple[str, str]:
        """Return the kind of who answers, and its name; as a text would, go on to the fallback where the URL fails."""
        refusal = delivery.refusal_of(self._world, self._number, self._text)
        if self._behaviour.texts_lost or refusal:
            return self._broken(delivery.LOST if self._behaviour.texts_lost else str(refusal))
        route = route_of(self._world.twilio, self._number)
        for link in route.links:
            self._add_link(link)
        if not route.url:
            if all(link["state"] != "broken" for link in self._chain):
                self._add("URL", "none", state="broken", why="there is no URL: nothing is called")
            self._problem = next(link["why"] for link in self._chain if link["state"] == "broken")
            return _NOBODY
        found = self._asked(route, route.url, route.method)
        if not route.fallback_url:
            return found or _NOBODY
        if found is not None:
            why = "only asked where the URL before it fails"
            self._add_handler(route.fallback_url, route.fallback_method, "skipped", why, fallback=True)
            return found
        return self._asked(route, route.fallback_url, route.fallback_method, fallback=True) or _NOBODY

    def _asked(
        self, route: Route, url: str, method: str, *, fallback: bool = False
    ) -> tuple[str, str] | None:
        """Return who answers at a URL; None where it fails, so that the fallback is asked."""
        handler = handler_of(url, self._world.behaviour)
        try:
            at_vapi = delivery.asked(self._world, self._text, handler)
            if isinstance(at_vapi, Answering):
                delivery.refuse_too_late(self._behaviour.reply_after_ms)
        except WebhookError as error:
            self._problem = f"error {error.code}: {error}"
            self._add_handler(url, method, "broken", self._problem, fallback=fallback)
            return None
        if isinstance(at_vapi, str):
            self._problem = at_vapi
            self._add_handler(url, method, "broken", at_vapi, fallback=fallback)
            return _NOBODY
        if at_vapi is not None:
            detail = f"{method} {masked_url(url)}"
            self._add(f"Vapi {at_vapi.answerer.kind}", at_vapi.answerer.name, detail, "decides")
            return "vapi", delivery.named(route, at_vapi.spoken)
        self._add_handler(url, method, "decides", None, fallback=fallback)
        return _kind(handler), delivery.named(route, handler.name)

    def _broken(self, why: str) -> tuple[str, str]:
        self._chain[0] |= {"state": "broken", "why": why}
        self._problem = why
        return _NOBODY

    def _add_link(self, link: Link) -> None:
        if link.url:
            what, label = _spoken(handler_of(link.url, self._world.behaviour))
            self._add(f"{link.what}: {what}", label, masked_url(link.url), link.state, link.why)
        else:
            self._add(link.what, link.name, link.sid, link.state, link.why)

    def _add_handler(self, url: str, method: str, state: str, why: str | None, *, fallback: bool) -> None:
        what, label = _spoken(handler_of(url, self._world.behaviour))
        detail = f"{method} {masked_url(url)}"
        self._add(f"Fallback: {what}" if fallback else what, label, detail, state, why)

    def _add(
        self, what: str, label: str, detail: str | None = None, state: str = "passes", why: str | None = None
    ) -> None:
        self._chain.append({"what": what, "label": label, "detail": detail, "state": state, "why": why})


def _kind(handler: Handler) -> str:
    return _KINDS.get(handler.kind, handler.kind)


def _spoken(handler: Handler) -> tuple[str, str]:
    """Return what kind of thing is behind a URL, and which one, from the name that people call it by."""
    if handler.kind == "vapi":
        return "Vapi", "Vapi's webhook"
    kind = {"demo": "Demo", "studio_executions": "Studio"}.get(handler.kind)
    if kind is not None:
        return kind, handler.name
    for what in ("TwiML Bin", "Studio Flow", "Proxy", "Function", "Webhook"):
        if handler.name.startswith(f"{what} "):
            return what, handler.name.removeprefix(f"{what} ")
    return "URL", handler.name


def _note(kind: str, behaviour: Behaviour) -> str | None:
    """Return what a text of another kind would meet at Vapi, and what befalls replies."""
    notes = []
    if kind == "vapi":
        unanswered = {
            "texts from other countries": not behaviour.answers_non_us,
            "pictures": not behaviour.answers_mms,
        }
        if any(unanswered.values()):
            notes.append(
                f"Vapi does not answer {', nor '.join(each for each in unanswered if unanswered[each])}"
            )
        if behaviour.assistant_silent:
            notes.append("it says nothing now (assistant_silent)")
    if kind != "nobody":
        notes += ["replies are lost (replies_lost)"] if behaviour.replies_lost else []
        notes += [f"replies are undelivered: error {behaviour.reply_error}"] if behaviour.reply_error else []
    return "; ".join(notes) or None
