"""What is held of numbers and Messaging Services as found: by a backup, by a stack's state, or by a fleet file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.services.pool import ServiceOriginal
from vapi_sms.core.values import Original


@dataclass(frozen=True, slots=True)
class Held:
    """Records, and what can be put back without one.

    `of` says of what, for people. `declared` are messaging routings that a `restore_to` declares, by E.164 form or SID.
    `unusable` says of each number or service that is held, and cannot be put back from this, why. `other_services` are
    held, and not to be put back: numbers may have relied on them. `to_this_account`: a person says that the numbers
    moved to the account of these credentials. `caution` is what people should know of the source.
    """

    of: str
    numbers: tuple[Original, ...] = ()
    services: tuple[ServiceOriginal, ...] = ()
    declared: Mapping[str, Routing] = field(default_factory=dict)
    unusable: Mapping[str, str] = field(default_factory=dict)
    other_services: tuple[ServiceOriginal, ...] = ()
    to_this_account: bool = False
    caution: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing of it can be put back."""
        return not (self.numbers or self.services or self.declared)

    @property
    def needs_vapi(self) -> bool:
        """Something of it concerns Vapi, too."""
        return bool(self.services) or any(not record.texts_only for record in self.numbers)

    def only(self, keys: Collection[str]) -> Held:
        """Keep these numbers, each by E.164 form or SID, and no service; all, where none is named."""
        if not keys:
            return self
        return replace(
            self,
            numbers=tuple(record for record in self.numbers if record.number in keys or record.sid in keys),
            services=(),
            other_services=self.services,
            declared={key: routing for key, routing in self.declared.items() if key in keys},
            unusable={key: why for key, why in self.unusable.items() if key in keys},
        )

    def lacks(self, keys: Collection[str]) -> list[str]:
        """Give the keys that nothing is held of."""
        known = {key for record in self.numbers for key in (record.number, record.sid)}
        return [key for key in keys if key not in known | set(self.declared) | set(self.unusable)]
