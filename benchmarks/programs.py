"""What is measured: programs that declare numbers, one by one or as a fleet, and the vendors that they meet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from vapi_sms.sandbox import RunningSandbox

from tests.engine.project import Project

SERVICES = 2
ACCOUNT, TOKEN, KEY = f"AC{'b' * 32}", "benchmark-token", "benchmark-key"
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to declare many numbers; `{module}` is ours or the no-op, `{changed}` tells of the changed assistants."""

    name: str
    resources: str
    program: str
    change: str

    def written(self, module: str, numbers: int, *, changed: bool = False) -> str:
        """Write the program."""
        return self.program.format(module=module, numbers=numbers, changed=changed)


SINGLE = Shape(
    "single",
    "VapiSmsNumber",
    """
from {module} import VapiSmsNumber

for i in range({numbers}):
    VapiSmsNumber(f"n{{i}}", number=f"+1{{4157000000 + i}}", assistant="Sales" if {changed} else "Support")
""",
    "up, assistant changed",
)
FLEET = Shape(
    "fleet",
    "VapiSmsFleet",
    """
from {module} import VapiSmsFleet

numbers = {{f"+1{{4157000000 + i}}": {{}} for i in range({numbers})}}
if {changed}:
    numbers["+14157000000"] = {{"assistant": "Sales"}}
VapiSmsFleet("fleet", numbers=numbers, defaults={{"assistant": "Support"}})
""",
    "up, one assistant changed",
)


def share(stack: int, numbers: int) -> Shape:
    """Give the fleet of one stack among several that divide an account's numbers among them."""
    first = 4157000000 + stack * numbers
    return Shape(FLEET.name, FLEET.resources, FLEET.program.replace("4157000000", str(first)), FLEET.change)


@contextmanager
def ours(shape: Shape, numbers: int, sandbox: RunningSandbox) -> Iterator[Project]:
    """Give a project of ours that meets this sandbox."""
    with TemporaryDirectory() as folder:
        yield Project(Path(folder) / "project", shape.written("vapi_sms", numbers), env=env_of(sandbox))


def env_of(sandbox: RunningSandbox) -> dict[str, str]:
    """Give the credentials, and where both vendors are played."""
    return {
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "VAPI_API_KEY": KEY,
        "TWILIO_BASE_URL": sandbox.url,
        "VAPI_BASE_URL": sandbox.url,
    }


@contextmanager
def noop(shape: Shape, numbers: int) -> Iterator[Project]:
    """Give a project that declares as many no-op resources with the same inputs."""
    with TemporaryDirectory() as folder:
        env = {"PYTHONPATH": str(_HERE)}
        yield Project(Path(folder) / "project", shape.written("noop", numbers), env=env)


def seed(numbers: int, **behaviour: Any) -> dict[str, Any]:  # noqa: ANN401 the fields of the sandbox's Behaviour
    """Give vendors with this many numbers that an app answers, Messaging Services, and two assistants."""
    app = "https://app.example.com"
    account = {
        "sid": ACCOUNT,
        "auth_token": TOKEN,
        "numbers": [
            {
                "range": {"from": "+14157000000", "count": numbers},
                "sms_url": f"{app}/sms?tenant={{number}}",
                "sms_fallback_url": f"{app}/fallback",
                "voice_url": f"{app}/voice",
            },
            {"phone_number": "+14155550100", "sms_url": f"{app}/sms"},
        ],
        "messaging_services": [
            {"sid": f"MG{'a' * 32}", "numbers": ["+14155550100"]},
            {"sid": f"MG{'b' * 32}", "use_inbound_webhook_on_number": True},
        ],
    }
    assistants = [
        {"id": f"a5000000-0000-4000-8000-{i:012}", "name": name}
        for i, name in enumerate(("Support", "Sales"))
    ]
    org = {"id": "0a000000-0000-4000-8000-000000000001", "api_key": KEY, "assistants": assistants}
    return {"twilio": {"accounts": [account]}, "vapi": {"orgs": [org]}, "behaviour": behaviour}
