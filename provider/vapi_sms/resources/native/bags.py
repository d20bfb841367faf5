"""Property bags: what travels between the engine and a native provider, as plain values and back.

What is secret or not known yet is marked inside the bag. Lives see plain values, with Unknown in place of what
is not known; what came in as a secret goes out as one, at the same place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from google.protobuf.struct_pb2 import ListValue, NullValue, Struct, Value

from vapi_sms.resources.inputs.unknowns import UNKNOWN, is_unknown

Props = dict[str, Any]

# Words of Pulumi's protocol, as pulumi/runtime/rpc.py of its SDK has them: to import that is to import all of it.
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 how a secret value is marked
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_NOT_KNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def plain(bag: Struct) -> Props:
    """Give a bag's values: no marks, Unknown where a value is not known yet."""
    return {key: _plain(value) for key, value in bag.fields.items()}


def plain_value(value: Value) -> Any:  # noqa: ANN401 whatever was written
    """Give one value of a bag likewise."""
    return _plain(value)


def packed(
    props: Mapping[str, Any], *, like: Collection[Struct] = (), secret: Collection[str] = ()
) -> Struct:
    """Give a bag of plain values, in which is secret what one of `like` has as a secret, and what `secret` names.

    What is None is left out, as everywhere between Pulumi and its providers.
    """
    bag = Struct()
    for key, value in props.items():
        if value is None:
            continue
        models = [each.fields[key] for each in like if key in each.fields]
        made = _packed(value, models)
        bag.fields[key].CopyFrom(as_secret(made) if key in secret else made)
    return bag


def as_secret(value: Value) -> Value:
    """Give a value marked as secret; one that is already stays as it is."""
    return value if is_secret(value) else _marked(_SECRET, value)


def is_secret(value: Value) -> bool:
    """Tell whether a value, or all of it, is secret."""
    fields = value.struct_value.fields
    if _sign(value) == _OUTPUT:
        return bool(fields["secret"].bool_value)
    return _sign(value) == _SECRET


def holds_secret(value: Value) -> bool:
    """Tell whether a value, or anything in it, is secret."""
    inner = value.list_value.values or value.struct_value.fields.values()
    return is_secret(value) or any(map(holds_secret, inner))


def depends_on(value: Value) -> list[str]:
    """Give the URNs of the resources that a value comes from, as far as the engine tells."""
    fields = value.struct_value.fields
    own = (
        [each.string_value for each in fields["dependencies"].list_value.values]
        if _sign(value) == _OUTPUT
        else []
    )
    inner = value.list_value.values or value.struct_value.fields.values()
    return [*own, *(urn for each in inner for urn in depends_on(each))]


def _sign(value: Value) -> str:
    """Give what a marked value is; nothing of others."""
    fields = value.struct_value.fields if value.HasField("struct_value") else {}
    return fields[_SIGNATURE].string_value if _SIGNATURE in fields else ""


def _marked(sign: str, value: Value) -> Value:
    marked = Value()
    marked.struct_value.fields[_SIGNATURE].string_value = sign
    marked.struct_value.fields["value"].CopyFrom(value)
    return marked


def _plain(value: Value) -> Any:  # noqa: ANN401 whatever was written
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if value.string_value == _NOT_KNOWN else value.string_value
    if kind == "struct_value":
        fields = value.struct_value.fields
        if _sign(value) in (_SECRET, _OUTPUT):
            return _plain(fields["value"]) if "value" in fields else UNKNOWN
        return {key: _plain(each) for key, each in fields.items()}
    if kind == "list_value":
        return [_plain(each) for each in value.list_value.values]
    return None if kind in (None, "null_value") else getattr(value, kind)


def _packed(value: object, models: Collection[Value]) -> Value:
    models = [inner for model in models for inner in _inner(model)]
    if any(map(is_secret, models)):
        return _marked(
            _SECRET, _packed(value, [each.struct_value.fields["value"] for each in models if is_secret(each)])
        )
    made = Value()
    if isinstance(value, Mapping):
        made.struct_value.SetInParent()
        for key, each in value.items():
            if each is not None:
                inside = [m.struct_value.fields[key] for m in models if key in m.struct_value.fields]
                made.struct_value.fields[str(key)].CopyFrom(_packed(each, inside))
    elif isinstance(value, list | tuple):
        lists = [model.list_value.values for model in models]
        items = [
            _packed(each, [values[at] for values in lists if at < len(values)])
            for at, each in enumerate(value)
        ]
        made.list_value.CopyFrom(ListValue(values=items))
    elif is_unknown(value):
        made.string_value = _NOT_KNOWN
    elif isinstance(value, bool):
        made.bool_value = value
    elif isinstance(value, int | float):
        made.number_value = value
    elif value is None:
        made.null_value = NullValue.NULL_VALUE
    else:
        made.string_value = str(value)
    return made


def _inner(model: Value) -> list[Value]:
    """Give what an output value holds, which is secret by a mark of its own; others as they are."""
    if _sign(model) != _OUTPUT:
        return [model]
    inner = model.struct_value.fields["value"]
    return [_marked(_SECRET, inner)] if is_secret(model) else [inner]
