"""The blocks that people write: a component makes the record of what was found, then the resource, as its children.

So nothing is touched before the way back is in the state, whatever language a program is in. The engine is asked
directly: a component holds no program of ours, and needs none of Pulumi's for one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import alias_pb2, provider_pb2, resource_pb2, resource_pb2_grpc

from vapi_sms.core.errors import BadInput
from vapi_sms.resources.inputs.contradictions import refuse_pace
from vapi_sms.resources.inputs.entries import (
    IMPORTED,
    OF_THE_ORIGINAL,
    dumped,
    held,
    merged,
    only,
    pace,
    with_proof,
)
from vapi_sms.resources.inputs.unknowns import UNKNOWN, contains_unknowns, is_unknown
from vapi_sms.resources.inputs.words import BETWEEN, IS_UP, UNRECORDED
from vapi_sms.resources.native.bags import depends_on, holds_secret, packed, plain_value
from vapi_sms.resources.native.births import Births
from vapi_sms.resources.native.kinds import (
    COMPONENTS,
    DYNAMIC,
    FLEET,
    INBOUND,
    ORIGINALS,
    ROUTE,
    SERVICE_ORIGINAL,
    Kind,
)
from vapi_sms.resources.native.owning import NO_ORGANIZATION, RECORD
from vapi_sms.resources.native.wording import with_plus

Props = dict[str, Any]
Request = provider_pb2.ConstructRequest

_BESIDE = ("restoreTo", "restoreCallsTo")


def construct(
    request: Request, births: Births, when_over: Callable[[Callable[[], None]], object]
) -> provider_pb2.ConstructResponse:
    """Make a component and its children; raises BadInput, and grpc.RpcError as the engine refuses one.

    `when_over` takes what is called once the engine no longer waits for us: then we do not wait for it.
    """
    kind = COMPONENTS[request.type.rpartition(":")[2]]
    _refuse_options(request)
    told = threading.Event()
    try:
        with grpc.insecure_channel(request.monitorEndpoint, options=_GRPC_CHANNEL_OPTIONS) as channel:
            when_over(channel.close)
            return _Family(request, kind, resource_pb2_grpc.ResourceMonitorStub(channel), births, told).made()
    finally:
        births.over(told)


def _refuse_options(request: Request) -> None:
    for path in request.ignoreChanges:
        if path.partition(".")[0].partition("[")[0] in (
            "*",
            "number",
            "twilioSid",
            "shortCode",
            "numbers",
            "service",
        ):
            raise BadInput(
                request.name,
                f"{request.name}: ignoreChanges: [{path}] would keep one number, or service, with another one's "
                "original: remove it",
            )
    if request.deletedWith and not request.retainOnDelete:
        raise BadInput(
            request.name,
            f"{request.name}: deletedWith lets Pulumi forget it without putting its original routing back: remove it; "
            "or, if it is to stay as it is, write retainOnDelete: true, too",
        )


@dataclass(frozen=True, slots=True)
class _Family:
    """One component that is made: its own registration, its record's, and its resource's."""

    request: Request
    kind: Kind
    monitor: resource_pb2_grpc.ResourceMonitorStub
    births: Births
    told: threading.Event

    def made(self) -> provider_pb2.ConstructResponse:
        """Register all three, in the order in which they come, and give the resource's outputs as the component's."""
        request = self.request
        own = self.monitor.RegisterResource(
            resource_pb2.RegisterResourceRequest(
                type=request.type,
                name=request.name,
                parent=request.parent,
                protect=request.protect if request.HasField("protect") else None,
                retainOnDelete=request.retainOnDelete if request.HasField("retainOnDelete") else None,
                dependencies=request.dependencies,
                providers=request.providers,
                aliases=request.aliases,
                aliasSpecs=True,
                acceptSecrets=True,
                hooks=_hooks(request),
            )
        )
        said = with_plus({key: plain_value(value) for key, value in request.inputs.fields.items()})
        # As a Python program says it: a stack of one moves here without a change.
        given = {**dict(self.kind.defaults), **said}
        beside = {"owner": self._owner(), "formerOwners": self._former(), IS_UP: not request.dryRun}
        record = self._child(own.urn, _RECORDS[self.kind.name], {**self._record(given), **beside})
        resource = self._child(own.urn, self.kind, {**self._resource(given), **beside}, record)
        outputs = Struct()
        outputs.CopyFrom(resource.object)
        for name in ("owner", "formerOwners", IS_UP):
            outputs.fields.pop(name, None)
        self.monitor.RegisterResourceOutputs(
            resource_pb2.RegisterResourceOutputsRequest(urn=own.urn, outputs=outputs)
        )
        return provider_pb2.ConstructResponse(
            urn=own.urn,
            state=outputs,
            stateDependencies={
                key: provider_pb2.ConstructResponse.PropertyDependencies(urns=[resource.urn])
                for key in outputs.fields
            },
        )

    def _child(
        self,
        parent: str,
        kind: Kind,
        props: Props,
        record: resource_pb2.RegisterResourceResponse | None = None,
    ) -> resource_pb2.RegisterResourceResponse:
        """Register the record, or the resource that its `record` belongs to."""
        request = self.request
        name = f"{request.name}{RECORD}" if record is None else request.name
        after = [] if record is None else [record.urn]
        bag = packed(props, like=[request.inputs], secret=(*kind.secret, *self._secret_by_origin(props)))
        if record is not None:
            held_in = "original" if kind is INBOUND else "originals"
            bag.fields["original"].CopyFrom(record.object.fields[held_in])
        behind = sorted({urn for value in request.inputs.fields.values() for urn in depends_on(value)})
        behind += [
            urn for each in request.inputDependencies.values() for urn in each.urns if urn not in behind
        ]
        said = resource_pb2.RegisterResourceRequest(
            type=kind.token,
            name=name,
            parent=parent,
            custom=True,
            object=bag,
            dependencies=[*request.dependencies, *behind, *after],
            propertyDependencies=self._dependencies(bag, after),
            ignoreChanges=() if record is None else request.ignoreChanges,
            deleteBeforeReplace=True,
            deleteBeforeReplaceDefined=True,
            customTimeouts=_timeouts(request),
            hideDiffs=kind.silent,
            aliases=[self._alias(type_, name) for type_ in (f"{DYNAMIC}:{kind.name}", kind.token)],
            aliasSpecs=True,
            acceptSecrets=True,
            supportsPartialValues=True,
        )
        if record is not None:
            said.replaceOnChanges.extend(request.replaceOnChanges)
            said.additionalSecretOutputs.extend(request.additionalSecretOutputs)
            said.replace_with.extend(request.replace_with)
            if request.HasField("replacement_trigger"):
                said.replacement_trigger.CopyFrom(request.replacement_trigger)
            if _protects(props):
                said.protect = True
        else:
            # A first `up` that was killed stays destroyable; and each number says by itself that it is to be left.
            said.protect = said.retainOnDelete = False
        return self._registered(said)

    def _registered(
        self, said: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        above = f"{said.parent.split('::')[2]}$" if said.parent else ""
        urn = f"urn:pulumi:{self.request.stack}::{self.request.project}::{above}{said.type}::{said.name}"
        return self.births.born(urn, self.monitor.RegisterResource.future(said), self.told)

    def _secret_by_origin(self, props: Props) -> tuple[str, ...]:
        """Give what is made of something that the program keeps as a secret, and stands elsewhere than that."""
        held = {name for name, value in self.request.inputs.fields.items() if holds_secret(value)}
        made_of = {
            "imports": held,
            # A number is a key here; and defaults are written into each entry.
            "numbers": held & {"number", "twilioSid", "shortCode", "defaults", "prove"},
            "declared": held & {"numbers"},
        }
        return tuple(name for name, sources in made_of.items() if sources and name in props)

    def _dependencies(self, bag: Struct, after: Sequence[str]) -> Mapping[str, Any]:
        """Say where each property comes from: the record from the record, others from where the program has them."""
        dependencies = resource_pb2.RegisterResourceRequest.PropertyDependencies
        said = self.request.inputDependencies
        found = {key: list(said[key].urns) if key in said else [] for key in bag.fields}
        return {key: dependencies(urns=after if key == "original" else urns) for key, urns in found.items()}

    def _alias(self, type_: str, name: str) -> alias_pb2.Alias:
        """Say that the child stood where the component stands before there was one, of either transport."""
        spec = alias_pb2.Alias.Spec(name=name, type=type_)
        if self.request.parent and not self.request.parent.split("::")[2].endswith("pulumi:pulumi:Stack"):
            spec.parentUrn = self.request.parent
        else:
            spec.noParent = True
        return alias_pb2.Alias(spec=spec)

    def _owner(self) -> str:
        request = self.request
        parents = "" if not request.parent else request.parent.split("::")[2]
        above = "" if parents in ("", "pulumi:pulumi:Stack") else f"{parents}$"
        stack = f"{request.organization or NO_ORGANIZATION}/{request.project}/{request.stack}"
        return f"{stack}/{above}{request.type}${request.name}"

    # --- what the children are told ------------------------------------------------------------------

    def _record(self, given: Props) -> Props:
        left = {"onRemove": "leave"} if self.request.retainOnDelete else {}
        if self.kind is INBOUND:
            return {**self._service(given), "original": UNRECORDED}
        props: Props = {"originals": UNRECORDED}
        key = _key(given)
        if self.kind is not FLEET and is_unknown(key):
            return {**props, "numbers": UNKNOWN}
        entries = _fleet(self.request.name, given)[0] if self.kind is FLEET else {str(key): given}
        said = {key: {**left, **_of(entry, OF_THE_ORIGINAL)} for key, entry in entries.items()}
        if self.kind is ROUTE:
            return {
                **props,
                "numbers": said,
                "routes": {key: entry.get("handler") for key, entry in entries.items()},
                **_beside(entries),
            }
        return {**props, "numbers": said, "imports": _imports(entries), **_beside(entries)}

    def _resource(self, given: Props) -> Props:
        if self.kind is INBOUND:
            return self._service(given)
        if self.kind is not FLEET:
            return _without(given, _BESIDE)
        entries, total = _fleet(self.request.name, given)
        return {
            "numbers": {key: _without(entry, _BESIDE) for key, entry in entries.items()},
            **pace(len(entries), total, given.get("waves"), given.get("share")),
        }

    def _service(self, given: Props) -> Props:
        numbers = given.get("numbers") or []
        joined = UNKNOWN if contains_unknowns(numbers) else BETWEEN.join(sorted(map(str, numbers)))
        return {**_without(given, ("numbers",)), "declared": joined}

    def _former(self) -> list[str] | None:
        """Give the stacks, as project/stack, in which aliases say that the component lived before."""
        request = self.request
        former = set()
        for alias in request.aliases:
            if alias.urn:
                there, project = alias.urn.removeprefix("urn:pulumi:").split("::")[:2]
                if (project, there) != (request.project, request.stack):
                    former.add(f"{project}/{there}")
            elif alias.spec.project or alias.spec.stack:
                former.add(f"{alias.spec.project or request.project}/{alias.spec.stack or request.stack}")
        return sorted(former) or None


_RECORDS = {kind.name: SERVICE_ORIGINAL if kind is INBOUND else ORIGINALS for kind in COMPONENTS.values()}


def _key(given: Props) -> Any:  # noqa: ANN401 a text, or Unknown
    keys = [given[name] for name in ("number", "twilioSid", "shortCode") if given.get(name) is not None]
    # What is wrong with it is for check to say, which says it of every transport alike.
    return keys[0] if keys else "none"


def _fleet(name: str, given: Props) -> tuple[dict[str, Props], int]:
    """Give each entry whole, of those that a fleet is held at, and how many it declares.

    Raises Contradiction, which a Python program tells as a Mistake.
    """
    defaults = with_proof(name, given.get("defaults") or {}, given.get("prove"))
    declared = merged(name, given.get("numbers") or {}, defaults)
    refuse_pace(name, declared, given.get("waves"), given.get("share"))
    share = given.get("share")
    return declared if share is None else held(declared, share), len(declared)


def _imports(entries: Mapping[str, Props]) -> Any:  # noqa: ANN401 a text, or Unknown
    said = [(key, _of(entry, IMPORTED)) for key, entry in entries.items()]
    return UNKNOWN if contains_unknowns(said) else dumped(said)


def _beside(entries: Mapping[str, Props]) -> Props:
    """Give, number by number, who is to answer once it goes, of those that say so."""
    said = {
        name: {key: only(key, entry[name]) for key, entry in entries.items() if entry.get(name) is not None}
        for name in _BESIDE
    }
    return {name: value for name, value in said.items() if value}


def _of(entry: Props, names: tuple[str, ...]) -> Props:
    return {name: entry[name] for name in names if entry.get(name) is not None}


def _without(given: Props, names: tuple[str, ...]) -> Props:
    return {name: value for name, value in given.items() if name not in names}


def _protects(props: Props) -> bool:
    numbers = props.get("numbers")
    return isinstance(numbers, Mapping) and any(
        isinstance(entry, Mapping) and entry.get("protect") is True for entry in numbers.values()
    )


def _hooks(request: Request) -> resource_pb2.RegisterResourceRequest.ResourceHooksBinding:
    """Give what a program hung on its block: it is the block's own, as of any component."""
    return resource_pb2.RegisterResourceRequest.ResourceHooksBinding.FromString(
        request.resource_hooks.SerializeToString()
    )


def _timeouts(request: Request) -> resource_pb2.RegisterResourceRequest.CustomTimeouts | None:
    if not request.HasField("customTimeouts"):
        return None
    said = request.customTimeouts
    return resource_pb2.RegisterResourceRequest.CustomTimeouts(
        create=said.create, update=said.update, delete=said.delete, read=said.read
    )
