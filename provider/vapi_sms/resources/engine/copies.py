"""Copies of a stack: what the first one holds is not given back by a copy's `destroy`, which asks for Delete alone.

A state says whose it is, and the engine says in which stack it deletes. The dynamic server keeps that to itself, so the
request is looked for where the server holds it; where it is not found, nothing can be told, and deletes go on.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable
from typing import Any

from pulumi.runtime.proto.provider_pb2 import DeleteRequest

from vapi_sms.core.errors import Refusal

Props = dict[str, Any]

_lock = threading.Lock()
_former: set[str] = set()


def note_former(stacks: object) -> None:
    """Note the stacks, as project/stack, in which aliases of this program say that resources lived before."""
    if isinstance(stacks, Iterable):
        with _lock:
            _former.update(map(str, stacks))


def refuse_copy(props: Props) -> None:
    """Raise Refusal where the resource to be deleted belongs to another stack than the one that deletes it."""
    request = _request()
    if request is None:
        return
    # What an `up` with an alias has checked since stands in the inputs alone, where nothing else changed.
    owner = request.old_inputs.fields["owner"].string_value or str(props.get("owner") or "")
    there, here = "/".join(owner.split("/")[1:3]), _stack_of(request.urn)
    with _lock:
        is_known = there in {"", here, *_former}
    if is_known or not here:
        return
    subject = str(props.get("number") or props.get("service") or "this resource")
    old, new = there.split("/")[-1], here.split("/")[-1]
    raise Refusal(
        subject,
        f"this state belongs to stack {there}, not to {here}: to destroy a copy would give back what the first stack "
        "holds, so nothing is done. Forget the copy, with `pulumi stack rm --force`, or its resources with `pulumi "
        f"state delete`. If it is no copy, and {old} was renamed or moved to {new}, give the resource the alias that "
        "`pulumi preview` names for one `pulumi up`, then destroy it",
    )


def _request() -> DeleteRequest | None:
    frame = sys._getframe()  # noqa: SLF001 the dynamic server hands on nothing of a request but id and outputs
    while frame is not None:
        request = frame.f_locals.get("request")
        if isinstance(request, DeleteRequest):
            return request
        frame = frame.f_back  # type: ignore[assignment] # the last one has none
    return None


def _stack_of(urn: str) -> str:
    """Give project/stack of a URN, as owners have them."""
    _, _, rest = urn.partition("urn:pulumi:")
    parts = rest.split("::")
    return f"{parts[1]}/{parts[0]}" if len(parts) > 1 else ""
