"""VapiSmsFleet: many Twilio numbers whose texts Vapi assistants answer, as one resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi.dynamic import Resource

from vapi_sms.core.planning.waves import Cut
from vapi_sms.core.proof.demand import Prove
from vapi_sms.resources.dynamic import Fleet
from vapi_sms.resources.inputs import contradictions
from vapi_sms.resources.inputs.demands import engine_prove
from vapi_sms.resources.inputs.entries import OF_THE_ORIGINAL, Entry, held, merged, pace, with_proof
from vapi_sms.resources.program import options, originals, registering
from vapi_sms.resources.program.fallback import kept_fallback
from vapi_sms.resources.program.guarding import guarded
from vapi_sms.resources.program.outputs import with_outputs
from vapi_sms.resources.program.restore_to import engine_value, imports_of, moves_here, of_number
from vapi_sms.resources.program.service import reliance

TYPE = "pulumi-python:dynamic/vapi:VapiSmsFleet"

_OUTPUTS = ("accountSid", "orgId", "textsUrls", "summary")


@with_outputs
class VapiSmsFleet(Resource, module="vapi", name="VapiSmsFleet"):
    """Vapi assistants answer the texts of many US Twilio numbers; what is dropped or destroyed is put back, exactly.

    Numbers join, change and leave by update, side by side; one that fails is put back and named, the others go on.
    """

    numbers: pulumi.Output[Mapping[str, Any]]
    """Per number, its options and `answeredBy`: one readable line, who answers texts, and instead of whom."""
    account_sid: pulumi.Output[str]
    """The Twilio account that the numbers were found on."""
    org_id: pulumi.Output[str]
    """The Vapi org."""
    original: pulumi.Output[Any]
    """Secret: what was found, as one JSON text. As an entry's `restore_to` it moves a number to another resource."""
    texts_urls: pulumi.Output[Mapping[str, str]]
    """Per number, where at Vapi texts go, of those where that is not Vapi's usual URL."""
    summary: pulumi.Output[Mapping[str, int]]
    """How many numbers each assistant, squad or original routing answers."""

    def __init__(  # noqa: PLR0913 what may be said of a fleet; all but the name are keywords
        self,
        resource_name: str,
        /,
        *,
        numbers: Mapping[str, Entry],
        defaults: Entry | None = None,
        prove: Prove | None = None,
        waves: Sequence[Cut] | None = None,
        share: Cut | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare who answers; raises Mistake for all that contradicts itself, all else is refused by preview.

        :param resource_name: The resource's name in Pulumi. Renamed, it needs an alias, or it is another resource.
        :param numbers: A map from each number, in E.164 form or by its SID (PN...), to its options; load_numbers()
            reads one from a file. Options are `assistant` or `squad`, `sms_enabled`, `name`, `voice`, `restore_to`,
            `restore_calls_to`, `adopt`, `messaging_service`, `fallback` and `prove` as VapiSmsNumber has them;
            `on_remove`, "restore" (by default) or "leave", which leaves a number at Vapi when its entry goes or the
            fleet is destroyed; and `protect`, False by default, which refuses to drop it and protects the fleet. A
            number that joins is switched, one that leaves gets its routing back; the others stay as they are.
        :param defaults: Options of all entries that do not say otherwise, none by default. A change counts for each.
        :param prove: What proves a switch, of each entry that does not say otherwise; nothing by default. A change
            writes nothing.
        :param waves: How many numbers at a time, such as ["1%", "10%", "100%"] or [5, "100%"]; all at once by default.
            Each wave is proven before the next, and one that fails is put back. A change writes nothing.
        :param share: How many numbers are Vapi's at all, such as "10%" or 25; all by default. The others keep their
            original routing. A larger share takes numbers over, a smaller one puts them back.
        :param opts: Pulumi's options. `ignore_changes` on the numbers, and `deleted_with`, are refused.
        """
        opts = opts or pulumi.ResourceOptions()
        opts = guarded(resource_name, TYPE, opts)
        place = registering.Place.of(resource_name, opts)
        with registering.mistakes():
            declared = merged(resource_name, numbers, with_proof(resource_name, defaults or {}, prove))
            contradictions.refuse_entries(resource_name, declared)
            contradictions.refuse_pace(resource_name, declared, waves, share)
        for key, entry in declared.items():
            registering.register(place, key, moves=moves_here(entry.get("restoreTo")))
        entries = declared if share is None else held(declared, share)
        for key, entry in entries.items():
            if "messagingService" in entry:
                registering.rely_on_service(key)
                entry["messagingService"] = reliance(entry["messagingService"])
        owner, former = place.owner, options.former_owners(opts)
        restore_to = {
            key: entry["restoreTo"] for key, entry in entries.items() if entry.get("restoreTo") is not None
        }
        sibling = originals.OriginalRoutings(
            options.sibling_name(resource_name),
            numbers={
                key: {**options.left_when_dropped(opts), **_of_the_original(entry)}
                for key, entry in entries.items()
            },
            restore_to={key: of_number(key, value) for key, value in restore_to.items()} or None,
            restore_calls_to=_calls(entries) or None,
            imports=imports_of(entries.items()),
            moving=[key for key, value in restore_to.items() if moves_here(value)],
            place=place,
            owner=owner,
            former_owners=former,
            opts=options.sibling_options(opts, TYPE, originals.TYPE),
        )
        props: dict[str, Any] = {
            **dict.fromkeys(_OUTPUTS),
            "numbers": {key: _of_the_switch(entry) for key, entry in entries.items()},
            "original": sibling.originals,
            "owner": owner,
            "formerOwners": former or None,
            **registering.applying(),
            **pace(len(entries), len(declared), waves, share),
        }
        own = options.own_options(opts)
        # Of destroy Pulumi asks nobody beforehand: its own option lets already the preview refuse it.
        own.protect = own.protect or any(entry.get("protect") is True for entry in entries.values())
        super().__init__(Fleet(), resource_name, props, own)


def _calls(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Give who is to answer calls, as the engine keeps it, of each entry that says so."""
    return {
        key: engine_value(entry["restoreCallsTo"])
        for key, entry in entries.items()
        if entry.get("restoreCallsTo") is not None
    }


def _of_the_switch(entry: Mapping[str, Any]) -> dict[str, Any]:
    apart = ("restoreTo", "restoreCallsTo", "fallback", "prove")
    said = {name: value for name, value in entry.items() if name not in apart}
    return {**said, **kept_fallback(entry.get("fallback")), **engine_prove(entry.get("prove"))}


def _of_the_original(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in OF_THE_ORIGINAL if name in entry}
