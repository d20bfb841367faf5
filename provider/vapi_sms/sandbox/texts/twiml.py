"""What a webhook's answer says in TwiML: the replies to send, or where to go on."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass

_TWIML = ("text/xml", "application/xml", "text/html")


class TwimlError(ValueError):
    """An answer that Twilio cannot run: its error code and why."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """The replies, in order, and a redirect if there is one."""

    replies: tuple[str, ...] = ()
    redirect: str | None = None
    redirect_method: str = "POST"


def read(content_type: str, text: str) -> Answer:
    """Read an answer: TwiML, plain text (sent as it is) or nothing."""
    if not text.strip():
        return Answer()
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "text/plain":
        return Answer((text,))
    if not kind:
        raise TwimlError(11200, "502 Bad Gateway, as Twilio calls an answer without a content type")
    if kind not in _TWIML:
        raise TwimlError(12300, f"content type {kind} is not TwiML")
    try:
        root = ET.fromstring(text)  # noqa: S314 - only answers of webhooks on loopback are read
    except ET.ParseError as error:
        raise TwimlError(12100, f"not XML: {error}") from error
    if root.tag != "Response":
        raise TwimlError(12100, f"the root is <{root.tag}>, not <Response>")
    return _run(root)


def _run(root: ET.Element) -> Answer:
    replies: list[str] = []
    for verb in root:
        if verb.tag == "Redirect":
            return Answer(tuple(replies), (verb.text or "").strip(), verb.get("method", "POST").upper())
        if verb.tag in ("Message", "Sms"):
            replies.append(_message(verb))
    return Answer(tuple(replies))


def _message(verb: ET.Element) -> str:
    bodies = [part.text or "" for part in verb.findall("Body")] or [verb.text or ""]
    media = [f"[media {(part.text or '').strip()}]" for part in verb.findall("Media")]
    return " ".join(part for part in (*(body.strip() for body in bodies), *media) if part)
