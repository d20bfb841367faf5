"""Lives: what a transport asks of a resource's life, and the small values that pass between the two.

They know no transport: Pulumi's dynamic server is served by `edge`, and another one can carry the same lives. What a
life cannot do it raises as a ProviderError; what that becomes is the transport's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from vapi_sms.core.inert import Line

Props = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Checked:
    """Inputs as they are meant, and a line for each reason why `up` would refuse them."""

    inputs: Props
    failures: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """Whether outputs and inputs differ: None leaves it to the engine, which compares inputs.

    Where `replaces` names inputs, the old resource goes before the new one comes.
    """

    changes: bool | None
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """What was created: its id in the engine's state, and its outputs."""

    id: str
    outs: Props


@dataclass(frozen=True, slots=True)
class Found:
    """What a refresh found; without an id it is gone."""

    id: str
    outs: Props
    inputs: Props


GONE = Found("", {}, {})


class LifeCycle(Protocol):
    """What is asked of a resource; each raises ProviderError. The id is of no use to ours but for telling it again."""

    def check(self, olds: Props, news: Props) -> Checked:
        """Give the inputs as they are meant, or failures."""

    def diff(self, olds: Props, news: Props) -> Compared:
        """Say whether outputs and inputs differ."""

    def create(self, props: Props) -> Made:
        """Create."""

    def read(self, id_: str, props: Props) -> Found:
        """Read."""

    def update(self, olds: Props, news: Props) -> Props:
        """Update; gives all outputs."""

    def delete(self, props: Props) -> None:
        """Delete."""
