"""Texts to a number are answered by a Vapi assistant, until `pulumi destroy` puts the old handler back."""

import pulumi
from vapi_sms import VapiSmsNumber

# `pulumi config set assistant Sales` makes it another one.
assistant = pulumi.Config().get("assistant") or "Support"

support = VapiSmsNumber("support", number="+14155550100", assistant=assistant)

pulumi.export("texts_answered_by", support.answered_by)
