"""The servicer: what Pulumi's engine asks of a native provider, answered by the lives that the dynamic one carries too.

Whoever answers a handshake is taken to support previews: Create and Update come with `preview` set, and then write
nothing. The engine is told of trouble in one line. What is secret comes marked and goes marked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import NoReturn, TypeVar, cast

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from vapi_sms.core.errors import ProviderError, Refusal
from vapi_sms.live.calling.calls import within
from vapi_sms.live.engine import engine_of_this_process
from vapi_sms.resources.engine import carrying, notices, status
from vapi_sms.resources.engine.interrupting import note_refusal
from vapi_sms.resources.engine.lives import Found, LifeCycle, Props
from vapi_sms.resources.inputs.number import kept
from vapi_sms.resources.inputs.unknowns import UNKNOWN
from vapi_sms.resources.inputs.words import IS_UP, UNRECORDED
from vapi_sms.resources.native import comparing
from vapi_sms.resources.native.bags import holds_secret, packed, plain
from vapi_sms.resources.native.births import Births
from vapi_sms.resources.native.components import construct
from vapi_sms.resources.native.configuring import Configuration
from vapi_sms.resources.native.functions import FUNCTIONS
from vapi_sms.resources.native.kinds import COMPONENTS, KINDS, ORIGINALS, PACKAGE, SINCE_IMPORT, Kind, kind_of
from vapi_sms.resources.native.owning import NO_ORGANIZATION, in_organization_of, organization_in, owner_of
from vapi_sms.resources.native.wording import spelled, with_plus

T = TypeVar("T")
Context = grpc.ServicerContext


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """One process of the provider, as one engine asks it."""

    def __init__(self) -> None:
        self._configuration = Configuration()
        notices.tell_through(lambda text: status.log(spelled(text)))
        self._births = Births()

    # --- what the engine asks first --------------------------------------------------------------

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: Context) -> provider_pb2.CheckResponse:
        """Refuse a configuration that means nothing here."""
        failures = [
            provider_pb2.CheckFailure(reason=text) for text in Configuration.mistakes(plain(request.news))
        ]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: Context) -> provider_pb2.DiffResponse:
        """Compare configurations; none replaces a resource."""
        # Another account is refused by each resource, and never a reason to replace one.
        changes = provider_pb2.DiffResponse
        differs = plain(request.old_inputs) != plain(request.news)
        return provider_pb2.DiffResponse(changes=changes.DIFF_SOME if differs else changes.DIFF_NONE)

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Context
    ) -> provider_pb2.ConfigureResponse:
        """Take note of the configuration."""
        self._configuration.take(plain(request.args), request.name)
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    # --- components and functions ------------------------------------------------------------------

    def Construct(
        self, request: provider_pb2.ConstructRequest, context: Context
    ) -> provider_pb2.ConstructResponse:
        """Make a component and its children."""
        package, _, name = request.type.partition(":index:")
        if package != PACKAGE or name not in COMPONENTS:
            _abort(
                context, f"vapi-sms: there is no component {request.type}: there are {', '.join(COMPONENTS)}"
            )
        return self._told(context, request, lambda: _made(request, self._births, context))

    def Invoke(self, request: provider_pb2.InvokeRequest, context: Context) -> provider_pb2.InvokeResponse:
        """Answer a function."""
        name = request.tok.partition(":index:")[2]
        if name not in FUNCTIONS:
            _abort(context, f"vapi-sms: there is no function {request.tok}: there are {', '.join(FUNCTIONS)}")
        answer = provider_pb2.InvokeResponse()
        # A word of Python's, so the field has no other name.
        getattr(answer, "return").CopyFrom(
            packed(
                self._told(context, request, lambda: FUNCTIONS[name].answer(with_plus(plain(request.args))))
            )
        )
        return answer

    # --- the life of a resource --------------------------------------------------------------------

    def Check(self, request: provider_pb2.CheckRequest, context: Context) -> provider_pb2.CheckResponse:
        """Parse, observe and plan; refuse what would be refused at `up`."""
        kind = self._kind(request.urn, context)
        olds, news = plain(request.olds), with_plus(plain(request.news))
        news.setdefault("owner", owner_of(request.urn, organization_in(olds.get("owner"))))
        if "owner" in olds:
            olds["owner"] = in_organization_of(olds["owner"], str(news["owner"]))
        news.setdefault(IS_UP, not self._configuration.is_open)
        for name, value in (*kind.defaults, *((name, UNRECORDED) for name in kind.recorded)):
            news.setdefault(name, value)
        since_import = news.pop(SINCE_IMPORT, None) or olds.pop(SINCE_IMPORT, None)
        if kind.component and "original" not in news:
            if since_import is None:
                _abort(context, _unrecorded(kind))
            news["original"] = since_import
        found = self._told(context, request, lambda: carrying.checked(_life(kind), olds, news))
        if found.failures:
            self._births.failed(request.urn)
        kept = {} if since_import is None else {SINCE_IMPORT: since_import}
        return provider_pb2.CheckResponse(
            inputs=_marked(kind, found.inputs | kept, request.news),
            failures=[provider_pb2.CheckFailure(reason=spelled(text)) for text in found.failures],
        )

    def Diff(self, request: provider_pb2.DiffRequest, context: Context) -> provider_pb2.DiffResponse:
        """Compare what was applied with what is declared, path by path."""
        kind = self._kind(request.urn, context)
        olds, news = plain(request.olds), plain(request.news)
        found = self._told(context, request, lambda: carrying.compared(_life(kind), olds, news))
        return comparing.answer(kind, found, plain(request.old_inputs), news)

    def Create(self, request: provider_pb2.CreateRequest, context: Context) -> provider_pb2.CreateResponse:
        """Make it so; in a preview, say what would come of it."""
        kind = self._kind(request.urn, context)
        props = plain(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(
                properties=_marked(kind, _expected(kind, {}, props), request.properties)
            )
        made = self._told(context, request, lambda: carrying.created(_life(kind), props))
        outs = _marked(kind, made.outs, request.properties)
        return provider_pb2.CreateResponse(id=made.id, properties=outs)

    def Read(self, request: provider_pb2.ReadRequest, context: Context) -> provider_pb2.ReadResponse:
        """Read what is there, or bring it under care by its id; never writes."""
        kind = self._kind(request.urn, context)
        props, asked = plain(request.properties), plain(request.inputs)
        if props:
            found = self._told(
                context, request, lambda: _life(kind).read(request.id, carrying.unfolded(props))
            )
        else:
            found = self._told(context, request, lambda: _imported(kind, request))
        inputs = {key: value for key, value in found.inputs.items() if value != "" or key in asked}
        inputs |= {SINCE_IMPORT: asked[SINCE_IMPORT]} if SINCE_IMPORT in asked else {}
        like = [request.properties, request.inputs]
        return provider_pb2.ReadResponse(
            id=found.id,
            properties=_marked(kind, carrying.folded(found.outs), *like),
            inputs=_marked(kind, carrying.folded(inputs), *like),
        )

    def List(
        self, request: provider_pb2.ListRequest, context: Context
    ) -> Iterator[provider_pb2.ListResponse]:
        """Name what can be imported as a kind, one after the other."""
        from vapi_sms.resources.native.importing import listed  # noqa: PLC0415 next to nobody asks

        kind = self._kind_named(request.token, context)
        found = self._told(context, request, lambda: list(listed(kind)))
        for id_, name in found[: request.limit or None]:
            yield provider_pb2.ListResponse(result=provider_pb2.ListResponse.Result(id=id_, name=name))

    def Update(self, request: provider_pb2.UpdateRequest, context: Context) -> provider_pb2.UpdateResponse:
        """Make it so, from whatever is there; in a preview, say what would come of it."""
        kind = self._kind(request.urn, context)
        olds, news = plain(request.olds), plain(request.news)
        if request.preview:
            outs = _expected(kind, olds, news)
        else:
            outs = self._told(context, request, lambda: carrying.updated(_life(kind), olds, news))
        return provider_pb2.UpdateResponse(properties=_marked(kind, outs, request.news))

    def Delete(self, request: provider_pb2.DeleteRequest, context: Context) -> Empty:
        """Put back what was found."""
        kind = self._kind(request.urn, context)
        props = plain(request.properties)
        self._told(context, request, lambda: carrying.deleted(_life(kind), props))
        return Empty()

    # --- how it is told ------------------------------------------------------------------------------

    def _kind(self, urn: str, context: Context) -> Kind:
        if engine_of_this_process().interrupted.is_set():
            _abort(
                context, "vapi-sms: interrupted: nothing new was begun; run the same command again to go on"
            )
        return self._kind_named(urn.split("::")[2], context)

    @staticmethod
    def _kind_named(type_: str, context: Context) -> Kind:
        kind = kind_of(type_)
        if kind is None:
            _abort(context, f"vapi-sms: there is no resource {type_}: there are {', '.join(KINDS)}")
        return kind

    def _told(self, context: Context, request: object, work: Callable[[], T]) -> T:
        """Work for the engine, for as long as it gives; trouble becomes its one line, a bug of ours its traceback."""
        urn, seconds = getattr(request, "urn", ""), getattr(request, "timeout", 0.0)
        try:
            with within(seconds or math.inf):
                return carrying.guarded(work)
        except ProviderError as trouble:
            note_refusal(engine_of_this_process().address)
            self._births.failed(urn)
            _abort(context, spelled(str(trouble)))
        except carrying.VapiSms as bug:
            self._births.failed(urn)
            _abort(context, str(bug))


def _made(
    request: provider_pb2.ConstructRequest, births: Births, context: Context
) -> provider_pb2.ConstructResponse:
    """Make a block; what the engine refuses of its children is told in the engine's words."""
    try:
        return construct(request, births, context.add_callback)
    except grpc.RpcError as refused:
        # What a stub raises is both, and typed as the one that says nothing.
        raise Refusal("block", str(cast("grpc.Call", refused).details())) from None


def _imported(kind: Kind, request: provider_pb2.ReadRequest) -> Found:
    # Next to nobody imports.
    from vapi_sms.resources.native.importing import imported  # noqa: PLC0415 as said

    return imported(kind, request.id, owner_of(request.urn, NO_ORGANIZATION))


def _expected(kind: Kind, olds: Props, props: Props) -> Props:
    """Give the outputs that a preview shows: what check found out, and what is only known once it is done."""
    outs = kept(props)
    for name in kind.outputs:
        if name not in outs:
            outs[name] = olds[name] if name in kind.stable and olds.get(name) else UNKNOWN
    return outs


def _marked(kind: Kind, props: Props, *given: Struct) -> Struct:
    """Give a bag in which is secret what was given as a secret, and what is: records, and what names secret numbers."""
    names_numbers = kind is ORIGINALS and any(
        holds_secret(bag.fields["numbers"]) for bag in given if "numbers" in bag.fields
    )
    secret = (*kind.secret, SINCE_IMPORT, *(("summary",) if names_numbers else ()))
    return packed(props, like=given, secret=secret)


def _unrecorded(kind: Kind) -> str:
    return (
        f"{kind.name} needs `original`, the record of what was found, so that nothing is touched before the "
        f"way back is in the state: write {PACKAGE}:{kind.component} instead, which makes it, too"
    )


@cache
def _life(kind: Kind) -> LifeCycle:
    return carrying.life(kind.life)


def _abort(context: Context, text: str) -> NoReturn:
    context.abort(grpc.StatusCode.UNKNOWN, text)
    raise AssertionError("abort raises")
