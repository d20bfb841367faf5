"""The story, chapter by chapter; whatever it claims is checked against what the sandbox holds and who answered."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx

from vapi_sms.cli.demo.engine import Run
from vapi_sms.cli.demo.stage import Stage
from vapi_sms.cli.demo.telling import Teller
from vapi_sms.cli.trouble import CannotGoOn

_LONGEST = 2000
_SHOWN = ("sms_url", "sms_fallback_url", "voice_url", "voice_fallback_url", "status_callback")


class NotAsTold(CannotGoOn):
    """A step of the story did not go as told."""

    def __init__(self, claim: str, evidence: object = "") -> None:
        found = str(evidence)[:_LONGEST]
        super().__init__(f"not as told: {claim}" + (f" Found: {found}" if found else ""))


def routing_rows(
    before: Mapping[str, Any], during: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, str, str, str]]:
    """Give the fields that people know, in three moments."""
    for name in _SHOWN:
        with_vapi = "the same" if during[name] == before[name] else str(during[name])
        now = "as before" if after[name] == before[name] else str(after[name])
        yield name, str(before[name]), with_vapi, now


def equal_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """Count the fields that are equal."""
    return sum(before[name] == after.get(name) for name in before)


def said(snapshot: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Give what each number says; at Twilio an empty field may be null or empty, and only the latter can be written."""
    return {
        number: {name: value for name, value in record.items() if value not in (None, "")}
        for number, record in snapshot["numbers"].items()
    } | {"vapi": snapshot["vapi"]}


NUMBER = "+14155550100"
CUSTOMER = "+12025550143"
BRITON = "+447700900123"
OUTSIDER = "https://chatbot.example.com/inbound?key=s3cret"
_WAVES = ("+14155550100", "+14155550101", "+14155550102")  # in the order in which they come
_LOOK, _SOON = 0.05, 1.1  # seconds; a text of the very second of the switch may have gone either way
PICTURE = "https://example.com/cat.jpg"


class Story:
    """One number of a small company, from its old app to Vapi and back."""

    def __init__(self, stage: Stage, teller: Teller) -> None:
        self._sandbox, self._engine, self._stage, self._teller = stage.sandbox, stage.engine, stage, teller

    def tell(self) -> None:
        """Tell everything in order; raises NotAsTold at the first step that is not as told."""
        self._teller.title(
            "Acme's front desk moves to Vapi, and back",
            "Twilio and Vapi are played by the sandbox on this machine. Pulumi is the real one: its own words stand "
            "behind a bar, without URNs and progress lines.",
        )
        before = self._sandbox.routing_snapshot()
        self._old_app_answers()
        self._preview(before)
        self._up()
        during = self._sandbox.routing_snapshot()
        self._assistant_changes()
        self._outsider()
        self._destroy(before, during)
        self._proof_fails(before)
        self._in_waves(before)
        self._teller.end("The original routing is back, byte for byte.")

    def _old_app_answers(self) -> None:
        self._teller.step(1, "Today Acme's own app answers")
        self._text("Open on Sunday?", answer="Acme front desk", by="Webhook")
        forged = httpx.post(f"{self._stage.old_app}/sms?tenant=acme", data={"Body": "hi"}, trust_env=False)
        self._prove(
            "The app believes nobody but Twilio: a request without its signature gets 403.",
            forged.status_code == httpx.codes.FORBIDDEN,
            f"HTTP {forged.status_code}",
        )

    def _preview(self, before: dict[str, Any]) -> None:
        self._teller.step(2, "The program declares that a Vapi assistant answers")
        for line in self._stage.program.split('"""')[-1].strip().splitlines():
            self._teller.engine(line)
        run = self._pulumi("preview", "--diff")
        self._prove(
            "Preview names who answers now, and shows no query value of the old URL.",
            "instead of Webhook" in run.said and "tenant=acme" not in run.said,
            run.said,
        )
        self._prove(
            "Nothing was written at Twilio or Vapi.",
            not self._writes(0) and self._sandbox.routing_snapshot() == before,
            self._writes(0),
        )

    def _up(self) -> None:
        self._teller.step(3, "Switch")
        voice = self._voice()
        self._pulumi("up", "--yes", "--skip-preview")
        self._text("Open on Sunday?", answer="This is Support", by="Vapi assistant Support")
        self._prove("Calls are answered as before.", self._voice() == voice, self._voice())
        self._teller.say("The note above is meant: Vapi documents texts from US numbers, without pictures.")
        self._unanswered("Open on Sunday?", sender=BRITON)
        self._unanswered("Can you repair this?", media=[PICTURE])

    def _assistant_changes(self) -> None:
        self._teller.step(4, "Another assistant")
        journal = self._last_entry()
        self._pulumi("up", "--yes", "--skip-preview", "--config", "assistant=Sales")
        self._text("What does it cost?", answer="This is Sales", by="Vapi assistant Sales")
        writes = self._writes(journal)
        self._prove(
            "One write, at Vapi; Twilio was only read.",
            [entry["vendor"] for entry in writes] == ["vapi"],
            writes,
        )

    def _outsider(self) -> None:
        self._teller.step(5, "Somebody changes the webhook in Twilio's Console")
        self._sandbox.outside_number(NUMBER, sms_url=OUTSIDER)
        self._text("What does it cost?", answer="(stand-in)", by="Webhook")
        run = self._pulumi("preview", "--diff")
        self._prove(
            "A plain preview finds it, without a refresh, and does not show the key.",
            "+ drift" in run.said and "chatbot.example.com" in run.said and "s3cret" not in run.said,
            run.said,
        )
        self._pulumi("up", "--yes", "--skip-preview")
        self._text("What does it cost?", answer="This is Sales", by="Vapi assistant Sales")

    def _destroy(self, before: dict[str, Any], during: dict[str, Any]) -> None:
        self._teller.step(6, "And back")
        self._pulumi("destroy", "--yes", "--skip-preview")
        self._text("Open on Sunday?", answer="Acme front desk", by="Webhook")
        after = self._sandbox.routing_snapshot()
        numbers = [snapshot["numbers"][NUMBER] for snapshot in (before, during, after)]
        self._teller.table(("Twilio's record", "before", "with Vapi", "now"), routing_rows(*numbers))
        equal = equal_fields(numbers[0], numbers[2])
        self._prove(
            f"All {equal} fields of Twilio's record are as before, and Vapi holds nothing.",
            before == after,
            after,
        )

    def _proof_fails(self, before: dict[str, Any]) -> None:
        self._teller.step(7, "Three numbers, one first, and a proof")
        for line in self._stage.in_waves.split('"""')[-1].strip().splitlines():
            self._teller.engine(line)
        self._engine.declare(self._stage.in_waves)
        self._teller.say(
            "A customer texts the first number once Vapi answers it, and the assistant falls silent."
        )
        with self._texted(_WAVES[0], silent=True):
            run = self._pulumi("up", "--yes", "--skip-preview", fails=True)
        self._prove(
            "The proof fails, and the number is back by itself; the other two were never touched.",
            "the proof failed" in run.said and self._sandbox.routing_snapshot() == before,
            run.said,
        )

    def _in_waves(self, before: dict[str, Any]) -> None:
        self._teller.step(8, "The assistant speaks again: two waves")
        self._sandbox.behaviour(assistant_silent=False)
        with contextlib.ExitStack() as customers:
            for number in _WAVES:
                customers.enter_context(self._texted(number))
            run = self._pulumi("up", "--yes", "--skip-preview")
        self._prove(
            "Each wave was proven by a text before the next one began; three texts, three answers.",
            all(f"proof: {number}: 1 text answered" in run.said for number in _WAVES),
            run.said,
        )
        self._pulumi("destroy", "--yes", "--skip-preview")
        after = self._sandbox.routing_snapshot()
        self._prove("All three numbers are as before.", said(after) == said(before), after)

    @contextlib.contextmanager
    def _texted(self, number: str, *, silent: bool = False) -> Iterator[None]:
        """Let a customer text a number while Pulumi runs, once Vapi answers it."""
        over = threading.Event()

        def watch() -> None:
            while "vapi" not in str(self._sandbox.number(number)["sms_url"]):
                if over.wait(_LOOK):
                    return
            if silent:
                self._sandbox.behaviour(assistant_silent=True)
            over.wait(_SOON)
            self._sandbox.text(CUSTOMER, number, "Open on Sunday?")

        customer = threading.Thread(target=watch)
        customer.start()
        try:
            yield
        finally:
            over.set()
            customer.join()

    def _pulumi(self, *args: str, fails: bool = False) -> Run:
        self._teller.command(("pulumi", *args))
        run = self._engine.run(*args, show=self._teller.engine)
        if run.code and not fails:
            raise NotAsTold(f"pulumi {args[0]} failed with exit code {run.code}")
        if fails and not run.code:
            raise NotAsTold(f"pulumi {args[0]} was to fail")
        return run

    def _text(self, body: str, *, answer: str, by: str) -> None:
        outcome = self._sent(body)
        if not outcome["reply"]:
            raise NotAsTold(f"{by} was to answer the text", outcome["trace"])
        self._teller.reply(outcome["answered_by"], outcome["reply"])
        if answer not in outcome["reply"] or not outcome["answered_by"].startswith(by):
            raise NotAsTold(f"{by} was to answer the text", outcome["trace"])

    def _unanswered(self, body: str, *, sender: str = CUSTOMER, media: Sequence[str] = ()) -> None:
        outcome = self._sent(body, sender, media)
        if outcome["reply"]:
            raise NotAsTold("nobody was to answer the text", outcome)
        self._teller.silence(outcome["trace"][-1])

    def _sent(self, body: str, sender: str = CUSTOMER, media: Sequence[str] = ()) -> dict[str, Any]:
        self._teller.text(sender, NUMBER, f"{body} [picture]" if media else body)
        return self._sandbox.text(sender, NUMBER, body, media)

    def _prove(self, claim: str, holds: bool, evidence: object) -> None:  # noqa: FBT001 it is what is said
        if not holds:
            raise NotAsTold(claim, evidence)
        self._teller.proved(claim)

    def _voice(self) -> dict[str, Any]:
        record = self._sandbox.number(NUMBER)
        return {name: record[name] for name in record if name.startswith(("voice_", "status_callback"))}

    def _last_entry(self) -> int:
        return max((entry["n"] for entry in self._sandbox.journal()), default=0)

    def _writes(self, since: int) -> list[dict[str, Any]]:
        return [entry for entry in self._sandbox.journal(since) if entry["method"] != "GET"]
