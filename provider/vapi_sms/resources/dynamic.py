"""The classes that Pulumi's state refers to, by this module's path and their names.

PERMANENT: the classes at the end of this module stand, pickled by reference, in every user's state. Renaming or moving
them breaks `pulumi destroy` for all of them. They hold nothing and delegate everything; what they delegate to is
imported late, since a program imports this module and must not pay for vendor libraries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi.dynamic import (
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

if TYPE_CHECKING:
    from vapi_sms.resources.engine.edge import Edge

Props = dict[str, Any]


class _Delegate(ResourceProvider):
    """A provider without state, so that it travels as a reference."""

    # The pickled reference is no secret, and each secret copy would cost an encryption a resource.
    serialize_as_secret_always = False
    life_cycle = ""
    """Whom it delegates to: a module of this room, and a class."""

    def __reduce__(self) -> tuple[type[_Delegate], tuple[()]]:
        return type(self), ()

    def configure(self, req: ConfigureRequest) -> None:
        """Take note of the stack's configuration; never raises, since previews may run without secrets."""
        from vapi_sms.resources.engine import carrying  # noqa: PLC0415 programs must not import vendor libraries

        carrying.configure(req.config.get)

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Parse, observe and plan; refuse what would be refused at `up`."""
        return self._life_cycle().check(_olds, news)

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Compare what was applied with what is declared."""
        return self._life_cycle().diff(_olds, _news)

    def create(self, props: Props) -> CreateResult:
        """Make it so."""
        return self._life_cycle().create(props)

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read what is there; never writes."""
        return self._life_cycle().read(id_, props)

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Make it so, from whatever is there."""
        return self._life_cycle().update(_olds, _news)

    def delete(self, _id: str, _props: Props) -> None:
        """Put back what was found."""
        self._life_cycle().delete(_props)

    def _life_cycle(self) -> Edge:
        from vapi_sms.resources.engine import carrying  # noqa: PLC0415 programs must not import vendor libraries

        return carrying.life_cycle(self.life_cycle)


class Number(_Delegate):
    """Provider of VapiSmsNumber."""

    life_cycle = "number.life.NumberLife"


class Fleet(_Delegate):
    """Provider of VapiSmsFleet."""

    life_cycle = "fleet.life.FleetLife"


class Route(_Delegate):
    """Provider of TwilioSmsRoute."""

    life_cycle = "route.life.RouteLife"


class Originals(_Delegate):
    """Provider of OriginalRoutings."""

    life_cycle = "record.life.OriginalsLife"


class Service(_Delegate):
    """Provider of MessagingServiceInbound."""

    life_cycle = "service.life.ServiceLife"


class ServiceOriginal(_Delegate):
    """Provider of OriginalService."""

    life_cycle = "service.original_life.ServiceOriginalLife"
