"""The life of OriginalService: capture once, remember, and put back. It never writes in create.

It exists so that the engine's state holds a service, and the numbers' own routings, before anything is touched.
"""

from __future__ import annotations

from vapi_sms.core.errors import Refusal
from vapi_sms.core.services.answers import original_line
from vapi_sms.core.services.pool import ServiceOriginal, captured
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.engine import session
from vapi_sms.resources.engine.lives import Checked, Compared, Found, Made, Props
from vapi_sms.resources.inputs.number import kept
from vapi_sms.resources.inputs.service import DECLARED, ServiceInputs, parse_service
from vapi_sms.resources.inputs.words import IS_UP, UNRECORDED
from vapi_sms.resources.record import readable
from vapi_sms.resources.record.claims import refuse_copied
from vapi_sms.resources.service.checking import is_replaced
from vapi_sms.resources.service.reading import find_service, read_pool
from vapi_sms.resources.service.restoring import note_made, put_back_recorded
from vapi_sms.resources.service.state import dump_service, load_service

_GIVEN = (*DECLARED, "owner", "formerOwners")


class ServiceOriginalLife:
    """The record of one Messaging Service."""

    def check(self, olds: Props, news: Props) -> Checked:
        """Capture what is not recorded yet."""
        given = {key: news[key] for key in _GIVEN if key in news}
        return Checked(_inputs(olds, given, is_up=bool(news.get(IS_UP))))

    def diff(self, olds: Props, news: Props) -> Compared:
        """Compare records, offline; a placeholder is never a record."""
        if is_replaced(olds, news):
            return Compared(None, ("service",))
        before, after = load_service(olds.get("original")), load_service(news.get("original"))
        same = before is not None and before == after and olds.get("service") == news.get("service")
        return Compared(changes=False if same else None)

    def create(self, props: Props) -> Made:
        """Remember."""
        outs = _remembered(props)
        note_made(str(props.get("owner", "")))
        return Made("original", outs)

    def read(self, id_: str, props: Props) -> Found:
        """Echo the state: what is there is ours by now, and says nothing of the original."""
        return Found(id_, kept(props), kept(props))

    def update(self, _olds: Props, news: Props) -> Props:
        """Remember more numbers."""
        return _remembered(news)

    def delete(self, props: Props) -> None:
        """Put the service and its numbers back, as far as that is still to be done."""
        _delete(props)


def _inputs(olds: Props, given: Props, *, is_up: bool) -> Props:
    inputs = parse_service(given)
    owner = str(given.get("owner", ""))
    refuse_copied(str(given.get("service")), olds.get("owner"), owner, given.get("formerOwners") or ())
    vendors = session.vendors_to_check(inputs.service or "this service", is_up=is_up, needs_vapi=False)
    if vendors is None or inputs.unknown:
        held = olds.get("original") if load_service(olds.get("original")) else UNRECORDED
        return given | {"original": held if olds.get("service") == given.get("service") else UNRECORDED}
    recorded = load_service(olds.get("original"))
    if recorded is not None and olds.get("service") == inputs.service:
        vendors.refuse_other_owner(str(recorded), recorded.account_sid, "")
    original = _captured(inputs, recorded, owner, vendors)
    return {
        **given,
        "serviceSid": original.sid,
        "accountSid": original.account_sid,
        "original": dump_service(original),
        **readable.of_records(original_line(original)),
    }


# What this process recorded, by owner and service. A resource that is replaced by force is checked twice, the second
# time as if it were new, while its old self has not put the service back yet: what counts is what was found at first.
_records: dict[tuple[str, str], ServiceOriginal] = {}


def _captured(
    inputs: ServiceInputs, recorded: ServiceOriginal | None, owner: str, vendors: Vendors
) -> ServiceOriginal:
    service = find_service(inputs.service, vendors)
    if recorded is None or recorded.sid != service.sid:
        recorded = _records.get((owner, service.sid))
    known = recorded.kept if recorded else ()
    reading = read_pool(service, vendors, recorded=known, not_before=vendors.fresh())
    original = captured(reading, inputs.wish, recorded)
    _records[owner, service.sid] = original
    return original


def _remembered(props: Props) -> Props:
    if load_service(props.get("original")) is None:
        service = str(props.get("service"))
        session.required_vendors(service, needs_vapi=False)
        raise Refusal(
            service,
            f"what Messaging Service {service} does with texts could not be recorded, so nothing is switched",
        )
    return kept(props)


def _delete(props: Props) -> None:
    original = load_service(props.get("original"))
    if original is not None:
        vendors = session.vendors_to_read(str(original), needs_vapi=False)
        put_back_recorded(str(props.get("owner", "")), original, vendors)
