"""`vapi-sms preview` and `vapi-sms comment`: what a preview changes, for people who review it.

Data goes one way: reading (the engine's JSON) -> holders -> changes, diagnostics -> review -> rendering -> comment.
"""

from vapi_sms.cli.review.command import comment, preview

__all__ = ["comment", "preview"]
