"""Setting aside: a fleet's number that is ours already and is refused now stays as it is, and the others go on.

Nothing is lost by that: its record stands, and nothing of it is written. Preview tells it, and `up` ends with an error
that names it. Whatever concerns the program or its file, a number that is new, or the credentials is refused as one:
there is no saying what was meant, or whose numbers these are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vapi_sms.core.errors import NotFit, NotNamed, ProviderError
from vapi_sms.core.inert import Line, line
from vapi_sms.core.telling import gathered
from vapi_sms.resources.engine import notices
from vapi_sms.resources.fleet import entries
from vapi_sms.resources.inputs.number import DECLARED
from vapi_sms.resources.number.checking import attempt, inputs_only
from vapi_sms.resources.record.members import KEYS, Member

Props = dict[str, Any]


def may_be(member: Member, trouble: ProviderError) -> bool:
    """Tell whether what a number is refused for is its own: no other number, and not the program, is in doubt."""
    if not member.olds:
        return False
    if isinstance(trouble, NotNamed):
        # An earlier `up` took it as it is written now: it is gone since, or has a namesake.
        return _written(member.olds) == _written(member.given)
    return isinstance(trouble, NotFit)


def told(troubles: Mapping[str, ProviderError]) -> dict[str, Line]:
    """Tell which numbers are set aside, and why; give it by number."""
    named = entries.named(troubles)
    for text in gathered(named):
        notices.tell_once(line(f"{notices.REFUSED}{text}"))
    return {key: line(text) for key, text in sorted(named.items())}


def inputs_of(member: Member) -> Props:
    """Give the inputs of a number that is set aside: as written, with what is known of it from before."""
    known = attempt(inputs_only, member)
    return {**member.olds, **member.given} if isinstance(known, ProviderError) else known


def _written(props: Mapping[str, Any]) -> Props:
    return {name: props[name] for name in DECLARED if name not in KEYS and name in props}
