"""Acme's numbers, in every stack.

What differs stands in numbers.yaml, Pulumi.<stack>.yaml and .vapi-state.<org>.json.
"""

import pulumi
from vapi_sms import VapiSmsFleet, VapiSmsNumber, assistant_from_gitops, load_numbers

stack = pulumi.get_stack()
config = pulumi.Config()

desks = VapiSmsFleet("desks", numbers=load_numbers("numbers.yaml", stack=stack))

after_hours = VapiSmsNumber(
    "after-hours",
    number=config.require("afterHours"),
    # VapiAI/gitops keeps this assistant; its state file says which id it has in this stack's org.
    assistant=assistant_from_gitops("after-hours", org=stack),
)

pulumi.export("desks", desks.summary)
pulumi.export("after_hours", after_hours.answered_by)
