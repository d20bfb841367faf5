"""Judging: from what was seen at a rehearsal to what Vapi does, in the words of the sandbox's switches. Pure.

A switch that nothing was seen for is not told. What no switch plays is a remark: it is news for whoever keeps the
sandbox, and may be for who keeps the provider.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from vapi_sms.core.inert import redacted_url
from vapi_sms.core.rehearsal.trials import Change, Seen, Trial, masked
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.routings.vapi_urls import CALLS_PATH, STATUS_PATH, TEXTS_PATH

Value = bool | int | str
PageMetadata = Literal["counts", "all", "no_total"]


@dataclass(frozen=True, slots=True)
class Answers:
    """What Vapi's answers look like; None where that could not be told."""

    shows_nulls: bool | None = None
    page_metadata: PageMetadata | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The switches that play what was seen, why others are not told, and what no switch plays."""

    switches: dict[str, Value]
    untold: dict[str, str]
    remarks: tuple[str, ...]


def judge(seen: Sequence[Seen], answers: Answers) -> Judgement:
    """Tell which switches play what was seen."""
    found: dict[str, Value | None] = {
        "patch_rewrites_sms": _any(each.texts is Change.VAPI for each in _patches(seen) if each.has_texts_on),
        "patch_rewrites_voice": _any(each.calls is Change.VAPI for each in _patches(seen)),
        "delete": _delete(seen),
        "import_takes_texts": _any(each.texts is Change.VAPI for each in _of(seen, Trial.IMPORT_ON)),
        "import_clears_application": _any(
            gone for each in seen for gone in _at_import(each, each.applications)
        ),
        "import_clears_fallback": _any(gone for each in seen for gone in _at_import(each, each.fallbacks)),
        "import_clears_trunk": _any(gone for each in seen for gone in _at_import(each, each.trunks)),
        "late_writes_ms": max((each.landed[1] for each in seen if each.landed is not None), default=None),
        "webhook_host": _host(seen),
        "shows_nulls": answers.shows_nulls,
        "nulls_clear": _nulls_clear(seen),
        "page_metadata": answers.page_metadata,
    }
    return Judgement(
        {name: value for name, value in found.items() if value is not None},
        {name: _UNTOLD.get(name, "not seen") for name, value in found.items() if value is None},
        tuple(dict.fromkeys(remark for look in _REMARKS for remark in look(seen))),
    )


_UNTOLD = {
    "import_clears_application": "not tried: name a TwiML App with --application",
    "import_clears_trunk": "not tried: name a SIP trunk with --trunk",
    "late_writes_ms": "nothing of Vapi's was seen to land",
    "webhook_host": "no URL of Vapi's was seen, or several",
}


def _any(claims: Iterator[bool]) -> bool | None:
    found = list(claims)
    return any(found) if found else None


def _of(seen: Sequence[Seen], *trials: Trial) -> list[Seen]:
    return [each for each in seen if each.trial in trials and not each.refused]


def _patches(seen: Sequence[Seen]) -> list[Seen]:
    return [each for each in seen if each.trial.is_patch and not each.refused]


def _imports(seen: Sequence[Seen]) -> list[Seen]:
    return [each for each in seen if each.trial.is_import]


def _at_import(each: Seen, gone: list[bool]) -> list[bool]:
    return gone if each.trial.is_import else []


def _delete(seen: Sequence[Seen]) -> str | None:
    changes = _of_vapis(seen)
    kinds = {Change.STAYS: "leaves", Change.EMPTIED: "clears", Change.DEMO: "resets"}
    return kinds.get(changes[0]) if len(set(changes)) == 1 else None


def _of_vapis(seen: Sequence[Seen]) -> list[Change]:
    """Tell what a DELETE did to each channel that was Vapi's then."""
    urls = {url for url, _ in _written(seen)}
    return [
        became
        for each in _of(seen, Trial.DELETE_THERE)
        for was, became in ((each.before.messaging, each.texts), (each.before.voice, each.calls))
        if was.url in urls
    ]


def _written(seen: Sequence[Seen]) -> Iterator[tuple[str, str]]:
    """Give each URL that Vapi wrote, with the path that is known of its like."""
    for each in seen:
        if each.texts is Change.VAPI:
            yield each.after.messaging.url, TEXTS_PATH
        if each.calls is Change.VAPI:
            yield each.after.voice.url, CALLS_PATH
            if each.after.voice.status_callback != each.before.voice.status_callback:
                yield each.after.voice.status_callback, STATUS_PATH


def _host(seen: Sequence[Seen]) -> str | None:
    hosts = {url.removesuffix(path) for url, path in _written(seen) if url.endswith(path)}
    return hosts.pop() if len(hosts) == 1 else None


def _nulls_clear(seen: Sequence[Seen]) -> str | None:
    for each in seen:
        if each.trial is Trial.NULL_NAME:
            if each.refused:
                return "attachments"
            return None if each.settings is None or each.settings.name else "everything"
    return None


def _of_imports(seen: Sequence[Seen]) -> Iterator[str]:
    """Remark on imports that take other channels than any switch says."""
    on, left_out = _of(seen, Trial.IMPORT_ON), _of(seen, Trial.IMPORT_LEFT_OUT)
    if on and left_out and on[0].texts is not left_out[0].texts:
        yield f"an {Trial.IMPORT_LEFT_OUT} leaves texts {left_out[0].texts}, one with true {on[0].texts}"
    for each in _of(seen, Trial.IMPORT_OFF):
        if each.texts is Change.VAPI:
            yield f"an {Trial.IMPORT_OFF} takes texts all the same"
    imports = _imports(seen)
    if imports and all(each.landed is None for each in imports):
        yield (
            "nothing that an import wrote was seen in time: it may have landed later, and looks like another step's "
            "doing then; rehearse again with more --patience"
        )
    for each in imports:
        if each.calls is not Change.VAPI:
            yield f"an {each.trial} leaves calls {each.calls}; the sandbox's takes them always"


def _of_parts(seen: Sequence[Seen]) -> Iterator[str]:
    """Remark on what is taken away here and not there: a switch plays all or nothing."""
    for what, parts in (
        ("fallbacks", [gone for each in _imports(seen) for gone in each.fallbacks]),
        ("TwiML Apps", [gone for each in _imports(seen) for gone in each.applications]),
    ):
        if any(parts) and not all(parts):
            yield f"an import takes away {what} of one channel, or at one time, and not of the other"


def _of_patches(seen: Sequence[Seen]) -> Iterator[str]:
    """Remark on a PATCH that writes where another does not, or where texts are off."""
    tried = _patches(seen)
    yield from _some("texts", [each for each in tried if each.has_texts_on], lambda each: each.texts)
    yield from _some("calls", tried, lambda each: each.calls)
    for each in tried:
        if each.texts is Change.VAPI and not each.has_texts_on:
            yield f"a {each.trial} takes texts, and they are off at Vapi"


def _some(channel: str, tried: Sequence[Seen], became: Callable[[Seen], Change]) -> Iterator[str]:
    taking = [str(each.trial) for each in tried if became(each) is Change.VAPI]
    if taking and len(taking) < len(tried):
        yield f"only some PATCHes take {channel} ({'; '.join(taking)}): the switch plays all"


def _of_deletes(seen: Sequence[Seen]) -> Iterator[str]:
    """Remark on a DELETE that treats two channels, or two moments, in different ways."""
    changes, does = _of_vapis(seen), _delete(seen)
    if len(set(changes)) > 1:
        yield f"a DELETE leaves one channel {changes[0]}, another {next(c for c in changes if c != changes[0])}"
    meant = Change.DEMO if does == "resets" else Change.STAYS
    for each in _of(seen, Trial.DELETE_LEFT):
        if does is not None and {each.texts, each.calls} != {meant}:
            yield f"a {each.trial} leaves texts {each.texts}, calls {each.calls}: no switch plays that"


def _of_urls(seen: Sequence[Seen]) -> Iterator[str]:
    """Remark on URLs that are not as those seen in public, and on what went elsewhere."""
    for url, path in _written(seen):
        if not url.endswith(path):
            yield f"Vapi writes {redacted_url(url)}, which does not end in {path}"
    hosts = {url.removesuffix(path) for url, path in _written(seen) if url.endswith(path)}
    if len(hosts) > 1:
        yield f"Vapi writes URLs of several hosts: {', '.join(sorted(map(redacted_url, hosts)))}"
    for each in seen:
        for was, now in each.routings:
            if Change.OTHER in (each.texts, each.calls) and was.url != now.url:
                yield f"{each.trial}: {_channel(now)} went to {redacted_url(now.url) or 'nobody'}"


def _channel(routing: Routing) -> str:
    return "calls" if isinstance(routing, VoiceRouting) else "texts"


def _of_nulls(seen: Sequence[Seen]) -> Iterator[str]:
    """Remark on nulls that are not taken as our own PATCHes count on, and on that for the token."""
    for each in seen:
        if each.trial in (Trial.NULL_SQUAD, Trial.NULL_ASSISTANT) and each.refused:
            yield f"a {each.trial} is refused, and ours send it: {masked(each.refused)}"
        if each.trial is Trial.NULL_TOKEN:
            yield f"a {each.trial} is {'refused' if each.refused else 'taken'}"
    for each in _of(seen, Trial.NULL_ASSISTANT):
        if each.settings is not None and each.settings.assistant_id:
            yield f"a {each.trial} is taken, and takes nothing away"
    for each in _of(seen, Trial.NULL_NAME):
        if each.settings is not None and each.settings.name:
            yield f"a {each.trial} is taken, and takes nothing away"


_REMARKS: tuple[Callable[[Sequence[Seen]], Iterator[str]], ...] = (
    _of_imports,
    _of_parts,
    _of_patches,
    _of_deletes,
    _of_urls,
    _of_nulls,
)
