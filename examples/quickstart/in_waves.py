"""Three numbers, one first: each wave is proven by a text before the next, and goes back by itself where that fails."""

from vapi_sms import Prove, VapiSmsFleet

VapiSmsFleet(
    "desks",
    numbers={"+14155550100": {}, "+14155550101": {}, "+14155550102": {}},
    defaults={"assistant": "Support"},
    prove=Prove(before="Are you open on Sunday?", within=3),
    waves=[1, "100%"],
)
