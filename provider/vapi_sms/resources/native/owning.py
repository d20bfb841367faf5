"""Who a resource is, told by its URN: for programs in other languages nobody else can say so."""

from __future__ import annotations

from vapi_sms.resources.native.kinds import ORIGINALS, SERVICE_ORIGINAL, kind_of

RECORD = "-original"
"""Ends the name of the resource that holds the originals of another one."""

NO_ORGANIZATION = "organization"
"""What the engine calls it where a backend has none; a URN does not name any."""


def owner_of(urn: str, organization: str) -> str:
    """Give org/project/stack/name, with the types of its parents before a name: as Python programs say it.

    A record belongs to the resource of its name without `-original`: both have one owner.
    """
    stack, project, types, name = urn.removeprefix("urn:pulumi:").split("::", 3)
    parents, _, own = types.rpartition("$")
    if kind_of(own) in (ORIGINALS, SERVICE_ORIGINAL):
        name = name.removesuffix(RECORD)
    return f"{organization}/{project}/{stack}/{parents + '$' if parents else ''}{name}"


def organization_in(owner: object) -> str:
    """Give the organization of a recorded owner; where there is none yet, what a backend without any has."""
    return str(owner).split("/", 1)[0] if owner else NO_ORGANIZATION


def in_organization_of(recorded: object, owner: str) -> str:
    """Give a recorded owner as `owner` would have been recorded where its organization was not known.

    What stands without a block around it does not learn its organization, and may come into a block later.
    """
    kept, organization = str(recorded or ""), organization_in(owner)
    if organization_in(kept) != NO_ORGANIZATION or kept.split("/")[1:3] != owner.split("/")[1:3]:
        return kept
    return "/".join([organization, *kept.split("/")[1:]])
