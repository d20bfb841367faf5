"""Resource options that a resource shares with its sibling, so that both live and move together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi

from vapi_sms.resources.program import Mistake, organization, project_and_stack
from vapi_sms.resources.words import to_camel

_NUMBERS = frozenset({"number", "twilio_sid", "twilioSid", "short_code", "shortCode", "numbers", "service"})

Alias = str | pulumi.Alias | pulumi.Output[Any]


def refuse_ignored_numbers(name: str, opts: pulumi.ResourceOptions) -> None:
    """Raise Mistake where another number, or service, is to be ignored: its record would be the first one's."""
    ignored = _NUMBERS.intersection(opts.ignore_changes or ())
    if ignored:
        what = "service" if "service" in ignored else "number"
        raise Mistake(
            f"{name}: ignore_changes=[{min(ignored)!r}] would keep one {what} with another one's original: "
            "remove it"
        )


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
    """Give the options of the sibling that holds the originals.

    Not `protect`: a first `up` that was killed must stay destroyable.
    """
    return pulumi.ResourceOptions(
        parent=opts.parent,
        provider=opts.provider,
        depends_on=opts.depends_on,
        retain_on_delete=opts.retain_on_delete,
        deleted_with=opts.deleted_with,
        aliases=[_sibling_alias(alias, type_, sibling_type) for alias in _aliases(opts)],
        delete_before_replace=True,
        hide_diffs=["originals", "restoreTo", "routes", "owner", "formerOwners"],
    )


def left_when_dropped(opts: pulumi.ResourceOptions) -> dict[str, str]:
    """Give what the sibling is told of a number that is to stay as it is; Pulumi's option guards deletes only."""
    return {"onRemove": "leave"} if opts.retain_on_delete else {}


def sibling_name(name: str) -> str:
    """Give the name of a resource's sibling."""
    return f"{name}-original"


def former_owners(opts: pulumi.ResourceOptions) -> list[str]:
    """Give the stacks, as org/project/stack, in which aliases say that a resource lived before."""
    org, project, stack = organization(), *project_and_stack()
    former = []
    for alias in _aliases(opts):
        if isinstance(alias, str) and alias.startswith("urn:pulumi:"):
            there, its_project = alias.split("::")[:2]
            former.append(f"{org}/{its_project}/{there.removeprefix('urn:pulumi:')}")
        elif isinstance(alias, pulumi.Alias):
            its_stack = alias.stack if isinstance(alias.stack, str) else stack
            its_project = alias.project if isinstance(alias.project, str) else project
            former.append(f"{org}/{its_project}/{its_stack}")
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
        mapped.type_ = sibling_type
    return mapped


def _sibling_urn(urn: str, type_: str, sibling_type: str) -> str:
    """Give the URN that the sibling of the resource with this URN had; the parents' types before `$` stay."""
    head, _, name = urn.rpartition("::")
    return f"{head.removesuffix(type_)}{sibling_type}::{sibling_name(name)}" if head.endswith(type_) else urn
