"""Guarding: options by which Pulumi would keep a delete, a number or a record from us are refused.

A program may write them, a component may hand them down, and transforms may add them to every resource. So they are
looked at where a resource is made, and once more as the engine is given them. What is raised while the engine asks, it
tells with two tracebacks: there the provider is told to refuse instead, which is one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pulumi
from pulumi.runtime import settings
from pulumi.runtime._callbacks import _CallbackServicer

from vapi_sms.resources.inputs.words import MISTAKE
from vapi_sms.resources.program.registering import Mistake, Place

_OURS = "pulumi-python:dynamic/vapi:"
_IDENTITY = frozenset(
    {
        "number",
        "twilio_sid",
        "twilioSid",
        "short_code",
        "shortCode",
        "numbers",
        "service",
        "original",
        "originals",
        "owner",
        "*",
    }
)
_SEGMENT = re.compile(r'\["([^"]*)"\]|\[([^\]]*)\]|([^.\[\]]+)')
_OF_AN_ENTRY = 3  # numbers, one of them, an option of it: what is less is the number itself


def refuse_options(name: str, opts: pulumi.ResourceOptions) -> None:
    """Raise Mistake for options that would keep a number from being put back, or beside another one's record."""
    for path in opts.ignore_changes or ():
        if _touches_identity(path):
            raise Mistake(
                f"{name}: ignore_changes=[{path!r}] would keep one number, or service, with another one's original: "
                "remove it"
            )
    if opts.deleted_with is not None and not opts.retain_on_delete:
        raise Mistake(
            f"{name}: deleted_with= lets Pulumi forget it without putting its original routing back: remove it; or, "
            "if it is to stay as it is, write retain_on_delete=True, too"
        )


def guarded(name: str, type_: str, opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Give the options with a guard that looks at them once more, where anybody else may change them on the way.

    Raises Mistake as refuse_options does.
    """
    refuse_options(name, opts)
    if opts.retain_on_delete:
        _retained.update({(type_, name), (f"{_OURS}OriginalRoutings", f"{name}-original")})
    for holder in (settings.get_root_resource(), opts.parent):
        _guard_transformations(holder)
    _guard_transforms()
    if Place.of(name, opts).parent is None:
        return opts
    # What a component hands down is there before any transform.
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(transforms=[_look_when_asked]))


_retained: set[tuple[str, str]] = set()
_guarded: dict[str, Any] = {"root": None, "monitor": None, "transforms": 0}


def _look(args: Any) -> None:  # noqa: ANN401 Pulumi's arguments of transforms and of transformations
    """Refuse what somebody made of the options of a resource of ours."""
    if not args.type_.startswith(_OURS):
        return
    refuse_options(args.name, args.opts)
    if args.opts.retain_on_delete and not _is_retained(args.type_, args.name):
        raise Mistake(
            f"{args.name}: retain_on_delete comes from its parent, or from a transform, where its sibling does not "
            "know of it: write it on the resource itself"
        )


def _is_retained(type_: str, name: str) -> bool:
    return (type_, name) in _retained or (type_, name.removesuffix("-original")) in _retained


def _guard_transformations(holder: pulumi.Resource | None) -> None:
    """Come last of the transformations that run in this process for the children of a component, or of the stack."""
    others: list[Any] = [
        each for each in getattr(holder, "_transformations", None) or () if each is not _look
    ]
    if holder is not None and others:
        holder._transformations = [*others, _look]  # noqa: SLF001 Pulumi has no other way to come last


def _guard_transforms() -> None:
    """Come last of the transforms that the engine asks this process for, where there are any but ours.

    Each costs a call for each resource of the stack, so programs without any shall not have one.
    """
    monitor = settings.get_monitor()
    known = [
        each
        for servicer in getattr(_CallbackServicer, "_servicers", ())
        if getattr(servicer, "_monitor", None) is monitor
        for each in getattr(servicer, "_transforms", ())
    ]
    others = sum(each not in (_look_when_asked, _look_last) for each in known)
    if _guarded["monitor"] is not monitor:
        _guarded.update(monitor=monitor, transforms=0)
    if others > _guarded["transforms"]:
        _guarded["transforms"] = others
        pulumi.runtime.register_resource_transform(_look_last)


def _look_when_asked(args: Any) -> Any:  # noqa: ANN401 as above, and a result or none
    """Look while the engine asks: what is to be refused, the provider's check is given to refuse."""
    try:
        _look(args)
    except Mistake as mistake:
        args.opts.ignore_changes = None  # else the engine would put the inputs of before in place of these
        return pulumi.ResourceTransformResult({**args.props, MISTAKE: str(mistake)}, args.opts)
    return None


def _look_last(args: Any) -> Any:  # noqa: ANN401 as above
    """Look, after all that the program has registered."""
    return _look_when_asked(args)


def _touches_identity(path: str) -> bool:
    segments = [next(filter(None, found), "") for found in _SEGMENT.findall(path)]
    if not segments or segments[0] not in _IDENTITY:
        return False
    return segments[0] != "numbers" or len(segments) < _OF_AN_ENTRY or _is_any(segments[1:])


def _is_any(segments: Iterable[str]) -> bool:
    """Tell whether a path of an entry means all that is said of it."""
    return list(segments)[-1] == "*"
