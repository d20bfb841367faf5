"""A sandbox inside a test's own process: started, asked, stopped, without a word of HTTP in the test."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, Literal, Self

import httpx

from vapi_sms.sandbox.control.seed import load
from vapi_sms.sandbox.server import Server, bind
from vapi_sms.sandbox.texts.delivery import deliver
from vapi_sms.sandbox.texts.message import Text
from vapi_sms.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from types import TracebackType

    from vapi_sms.sandbox.control.gate import Exchange

_VOLATILE = ("date_updated", "date_created", "updatedAt", "createdAt")


class RunningSandbox:
    """Serves a seed on loopback in a thread, from `with` to the end of its block."""

    def __init__(
        self,
        seed: dict[str, Any] | Path,
        *,
        port: int = 0,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        self._world = World(load(seed))
        self._port, self._on_exchange = port, on_exchange
        self.url = ""

    def __enter__(self) -> Self:
        """Start, and wait until it answers."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and wait until the port is free."""
        self.stop()

    def start(self) -> None:
        """Serve; after a stop on the same port, with everything as it was."""
        bound, ready = bind("127.0.0.1", self._port), threading.Event()
        self._port = bound.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._server = Server(self._world, lambda _: ready.set(), self._on_exchange)
        self._thread = threading.Thread(target=self._server.run, args=([bound],), name="sandbox", daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the sandbox did not start")
        self._socket = bound
        self._http = httpx.Client(
            base_url=f"{self.url}/_sandbox/",
            headers={"accept": "application/json"},
            trust_env=False,
            timeout=30,
        )

    def stop(self) -> None:
        """Serve no more; connections are refused from here on."""
        self.release("drop")
        self._http.close()
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()

    def text(
        self, from_: str, to: str, body: str = "", media: Sequence[str | dict[str, str]] = ()
    ) -> dict[str, Any]:
        """Send a text; return `answered_by`, `handler`, `reply` and `trace`."""
        sent = {"from": from_, "to": to, "body": body, "media": list(media)}
        found: dict[str, Any] = self._ask("POST", "texts", sent)
        return found

    def texts(self, from_: str, to: Iterable[str], body: str = "") -> dict[str, dict[str, Any]]:
        """Send a text to each of many numbers, without a request for each; return what `text` does, by number.

        The sandbox's own event loop delivers them; the caller may run one, too.
        """

        async def send() -> dict[str, dict[str, Any]]:
            return {number: await deliver(self._world, Text(from_, number, body)) for number in to}

        return asyncio.run_coroutine_threadsafe(send(), self._server.loop).result()

    def state(self) -> dict[str, Any]:
        """Return both vendors' records, credentials as fingerprints."""
        found: dict[str, Any] = self._ask("GET", "state")
        return found

    def journal(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the requests to the vendors after number `since`."""
        found: list[dict[str, Any]] = self._ask("GET", f"journal?since={since}")
        return found

    def clear_journal(self) -> None:
        """Forget the requests so far."""
        self._ask("DELETE", "journal")

    def fault(self, **fields: Any) -> int:  # noqa: ANN401 - the fields of Fault
        """Put a fault in force; return its number."""
        return int(self._ask("POST", "faults", fields)["n"])

    def faults(self) -> list[dict[str, Any]]:
        """Return the faults that are still in force."""
        found: list[dict[str, Any]] = self._ask("GET", "faults")
        return found

    def clear_faults(self) -> None:
        """Take all faults back."""
        self._ask("DELETE", "faults")

    def held(self) -> list[dict[str, Any]]:
        """Return the requests that are held."""
        found: list[dict[str, Any]] = self._ask("GET", "held")
        return found

    def release(self, then: Literal["go", "drop"] = "go", n: int | None = None) -> int:
        """Let held requests go on, or drop their connections; return how many."""
        return int(self._ask("POST", "release", {"then": then, "n": n})["released"])

    def reset(self, seed: dict[str, Any] | None = None) -> None:
        """Make everything as new, from the seed or from another one."""
        self._ask("POST", "reset", seed)

    def behaviour(self, **switches: Any) -> dict[str, Any]:  # noqa: ANN401 - the fields of Behaviour
        """Set switches; return all of them."""
        found: dict[str, Any] = self._ask("POST", "behaviour", switches)
        return found

    def advance(self, seconds: float) -> None:
        """Move the sandbox's clock on, as if so much time had passed."""
        self._ask("POST", "clock", {"advance_ms": round(seconds * 1000)})

    def settle(self) -> None:
        """Let what is at the vendors now count as what always was: no lagging reading shows anything older."""
        self._ask("POST", "settle")

    def outside_number(self, number: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of a record
        """Edit a Twilio number as somebody in the Console."""
        return self.outside("number", number=number, set=fields)

    def outside_move(self, number: str, account: str) -> dict[str, Any]:
        """Move a Twilio number to another account, as its owner may; its SID stays."""
        return self.outside("number", number=number, account=account)

    def outside_buy(self, number: str, account: str, **how: Any) -> dict[str, Any]:  # noqa: ANN401 - of Purchase
        """Buy a number, also one that was released, under a SID that is new (or `sid`)."""
        return self.outside("purchase", number=number, account=account, **how)

    def outside_account(self, sid: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - of AccountEdit
        """Rename, suspend, close or reactivate a Twilio account."""
        return self.outside("account", sid=sid, **fields)

    def outside_release(self, number: str) -> None:
        """Release a Twilio number as somebody in the Console: it is gone."""
        self.outside("number", number=number, release=True)

    def outside_vapi(self, do: str, **edit: Any) -> dict[str, Any]:  # noqa: ANN401 - the fields of VapiEdit
        """Create, edit or delete something in Vapi as somebody else."""
        return self.outside("vapi", do=do, **edit)

    def outside(self, thing: str, **edit: Any) -> dict[str, Any]:  # noqa: ANN401 - the fields of the edit
        """Make any outside edit: number, purchase, account, service, application, address, vapi or credentials."""
        found: dict[str, Any] = self._ask("POST", f"outside/{thing}", edit)
        return found

    def number(self, phone_number: str) -> dict[str, Any]:
        """Return the Twilio record of a number; KeyError when it is gone."""
        found: dict[str, Any] = self._numbers()[phone_number]
        return found

    def vapi_numbers(self) -> list[dict[str, Any]]:
        """Return all Vapi phone numbers of all organisations."""
        orgs = self.state()["vapi"]["orgs"].values()
        return [record for org in orgs for record in org["phone_numbers"].values()]

    def routing_snapshot(self) -> dict[str, Any]:
        """Return all that must be equal before and after: all of Twilio's, Vapi's numbers; no dates."""
        accounts = self.state()["twilio"]["accounts"].values()
        kinds = ("numbers", "short_codes", "applications", "messaging_services", "conversation_addresses")
        twilio = {
            kind: {name: _lasting(record) for account in accounts for name, record in account[kind].items()}
            for kind in kinds
        }
        return {**twilio, "vapi": {record["id"]: _lasting(record) for record in self.vapi_numbers()}}

    def _numbers(self) -> dict[str, Any]:
        accounts = self.state()["twilio"]["accounts"].values()
        return {name: record for account in accounts for name, record in account["numbers"].items()}

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        response = self._http.request(method, path, json=body)
        if response.is_error:
            raise ValueError(f"sandbox: {response.text}")
        return response.json() if response.content else None


def _lasting(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in _VOLATILE}
