"""The fleet file: the numbers that Vapi answers, as YAML for load_numbers. It holds no handler, so no secret."""

from __future__ import annotations

from vapi_sms.cli.export.selecting import Selected
from vapi_sms.cli.export.writing import Written, left_out_remarks, remark
from vapi_sms.core.inert import quoted

_HEAD = """\
# Twilio account {account}: the numbers that Vapi answers, as `vapi-sms export` found them.
# In a program: VapiSmsFleet("numbers", numbers=load_numbers("FILE.yaml"))
# The first `pulumi up` records every number as it is, and writes nothing to Twilio or Vapi.
"""
_DEFAULTS = """\
defaults:
  adopt: true
  # Who answered before is not known: on destroy texts stay at Vapi. A number may say what
  # shall answer then, such as restore_to: {studio_flow: FW...}
  restore_to: leave_at_vapi
"""


def written(selected: Selected) -> Written:
    """Write the file; numbers that others answer stand in it as comments, since a fleet is Vapi's."""
    lines = [_HEAD.format(account=selected.account_sid) + _DEFAULTS.rstrip("\n")]
    lines.append("numbers:" if selected.adopted else "numbers: {}")
    for number in selected.adopted:
        kind, attached = number.attached
        said = remark(number.twilio.friendly_name)
        lines.append(f"  {_text(number.twilio.number)}: {{{kind}: {_text(attached)}}}  {said}")
    if selected.routes:
        lines.append("# Answered by others than Vapi: `--format program` declares them as TwilioSmsRoute.")
        lines += [remark(f"{route.twilio.number}: {route.answered_by}") for route in selected.routes]
    lines += left_out_remarks(selected.left_out)
    return Written("\n".join(lines) + "\n")


_text = quoted
