"""Resource options that a resource shares with its sibling, so that both live and move together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi

from vapi_sms.resources.inputs.words import to_camel
from vapi_sms.resources.program.registering import project_and_stack

NATIVE = "vapi-sms:index:"
"""Begins the types of the same resources where a native provider serves them, which a program may come from."""

Alias = str | pulumi.Alias | pulumi.Output[Any]


def own_options(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Give a resource's own options: the old one goes before the new one comes, also when a person forces it.

    As an answer of diff this would be lost in a forced replacement, which never asks.
    """
    spelled = pulumi.ResourceOptions.merge(None, opts)
    spelled.ignore_changes = [to_camel(name) for name in opts.ignore_changes or ()]
    return pulumi.ResourceOptions.merge(
        spelled,
        pulumi.ResourceOptions(delete_before_replace=True, hide_diffs=["original", "owner", "formerOwners"]),
    )


def sibling_options(opts: pulumi.ResourceOptions, type_: str, sibling_type: str) -> pulumi.ResourceOptions:
    """Give the options of the sibling that holds the originals."""
    return pulumi.ResourceOptions(
        parent=opts.parent,
        provider=opts.provider,
        depends_on=opts.depends_on,
        retain_on_delete=opts.retain_on_delete,
        # Not even from a parent: a first `up` that was killed must stay destroyable.
        protect=False,
        transforms=opts.transforms,
        aliases=[_sibling_alias(alias, type_, sibling_type) for alias in _aliases(opts)],
        delete_before_replace=True,
        hide_diffs=[
            "originals",
            "restoreTo",
            "restoreCallsTo",
            "routes",
            "imports",
            "left",
            "owner",
            "formerOwners",
        ],
    )


def left_when_dropped(opts: pulumi.ResourceOptions) -> dict[str, str]:
    """Give what the sibling is told of a number that is to stay as it is; Pulumi's option guards deletes only."""
    return {"onRemove": "leave"} if opts.retain_on_delete else {}


def sibling_name(name: str) -> str:
    """Give the name of a resource's sibling."""
    return f"{name}-original"


def former_owners(opts: pulumi.ResourceOptions) -> list[str]:
    """Give the stacks, as project/stack, in which aliases say that a resource lived before.

    An alias that names project or stack says so even where it names the present ones: then the organization was
    another. A whole URN is written for many reasons, and counts only where it is another stack's.
    """
    project, stack = project_and_stack()
    former = []
    for alias in _aliases(opts):
        if isinstance(alias, str) and alias.startswith("urn:pulumi:"):
            there, its_project = alias.split("::")[:2]
            its_stack = there.removeprefix("urn:pulumi:")
            if (its_project, its_stack) != (project, stack):
                former.append(f"{its_project}/{its_stack}")
        elif isinstance(alias, pulumi.Alias) and (
            isinstance(alias.stack, str) or isinstance(alias.project, str)
        ):
            its_stack = alias.stack if isinstance(alias.stack, str) else stack
            its_project = alias.project if isinstance(alias.project, str) else project
            former.append(f"{its_project}/{its_stack}")
    return sorted(set(former))


def _aliases(opts: pulumi.ResourceOptions) -> Sequence[Alias]:
    aliases: Any = opts.aliases or ()
    return list(aliases)


def _sibling_alias(alias: Alias, type_: str, sibling_type: str) -> Any:  # noqa: ANN401 what Pulumi takes as an alias
    if isinstance(alias, pulumi.Output):
        return alias.apply(lambda urn: _sibling_urn(urn, type_, sibling_type))
    if isinstance(alias, str):
        return _sibling_urn(alias, type_, sibling_type)
    mapped = pulumi.Alias()
    mapped.__dict__.update(alias.__dict__)
    if isinstance(alias.name, str):
        mapped.name = sibling_name(alias.name)
    if isinstance(alias.type_, str):
        mapped.type_ = _sibling_type(alias.type_, sibling_type)
    return mapped


def _sibling_type(type_: str, sibling_type: str) -> str:
    """Give the type of a sibling beside a resource of this type: both were of one transport."""
    if not type_.startswith(NATIVE):
        return sibling_type
    return f"{NATIVE}{sibling_type.rpartition(':')[2]}"


def _sibling_urn(urn: str, type_: str, sibling_type: str) -> str:
    """Give the URN that the sibling of the resource with this URN had; the parents' types before `$` stay."""
    head, _, name = urn.rpartition("::")
    for own in (type_, f"{NATIVE}{type_.rpartition(':')[2]}"):
        if head.endswith(own):
            return f"{head.removesuffix(own)}{_sibling_type(own, sibling_type)}::{sibling_name(name)}"
    return urn
