"""The story to be clicked through: the page stays open, and pulumi runs when somebody says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vapi_sms.cli.browser import open_page
from vapi_sms.cli.demo.stage import Stage
from vapi_sms.cli.demo.telling import Teller
from vapi_sms.cli.printing import ask_what, complain
from vapi_sms.core.inert import line

_QUIT = "quit"
_COMMANDS = {
    "preview": ("preview", "--diff"),
    "up": ("up", "--yes", "--skip-preview"),
    "sales": ("up", "--yes", "--skip-preview", "--config", "assistant=Sales"),
    "destroy": ("destroy", "--yes", "--skip-preview"),
}
_HINT = f"{', '.join(_COMMANDS)}, {_QUIT}"


@dataclass(frozen=True, slots=True)
class _Step:
    """What to do on the page, and which command comes next."""

    title: str
    say: str
    command: str


_STEPS = (
    _Step(
        "Today Acme's own app answers",
        "On the page, send the text that stands there to +14155550100: Acme's own app answers, and its chain is green.",
        "preview",
    ),
    _Step(
        "What would change",
        "Preview says who answers now and who will, above and on a page of its own. Nothing has moved.",
        "up",
    ),
    _Step(
        "Switched",
        "The chain has moved to the Vapi assistant Support. Send the text again; then from the UK, and with a picture: "
        "Vapi does not answer those, and the page says why.",
        "sales",
    ),
    _Step(
        "Another assistant",
        "One write, at Vapi: the journal on the page has it. Press “Somebody changes the webhook”, and send a text.",
        "preview",
    ),
    _Step(
        "Drift",
        "A plain preview has found it. up repairs it: Sales answers again.",
        "up",
    ),
    _Step(
        "An outage",
        "Press “Vapi is down” and send a text: the fallback answers. Press it again to end that.",
        "destroy",
    ),
    _Step(
        "And back",
        "Acme's own app answers, as before. Press whatever you like; “As seeded” makes the vendors as at the start.",
        _QUIT,
    ),
)


def walk(stage: Stage, teller: Teller, *, opens: bool) -> None:
    """Go through the story at somebody's pace, until he has enough."""
    teller.title(
        "Acme's front desk moves to Vapi, and back",
        "Twilio and Vapi are played by the sandbox on this machine; Pulumi is the real one, and runs here. Everything "
        "goes away with this command.",
    )
    teller.say("The page:")
    teller.address(f"{stage.sandbox.url}/")
    if opens and not open_page(stage.sandbox.url):
        teller.say("There is no browser here to open it in: open it yourself.")
    for number, step in enumerate(_STEPS, start=1):
        teller.step(number, step.title)
        teller.say(step.say)
        for command in _said(step.command):
            if command == _QUIT:
                return
            is_done = _pulumi(stage, teller, command)
            if is_done and command == "preview":
                _draw(stage, teller, opens=opens)
            if is_done and command == step.command:
                break
        else:
            return


def _draw(stage: Stage, teller: Teller, *, opens: bool) -> None:
    teller.command(("vapi-sms", "preview", "--html", "preview.html"))
    page = stage.engine.draw()
    if page is None:
        teller.say("That could not be drawn; the preview above says the same.")
        return
    teller.say("Who answers now and who will, drawn:")
    teller.address(page.as_uri())
    if opens:
        open_page(page.as_uri())


def _said(usual: str) -> Iterator[str]:
    """Yield commands as they are said: Enter is the usual one. It ends where nobody says anything more."""
    while (said := ask_what(line(f"  Enter: {_spoken(usual)} (or {_HINT}): "))) is not None:
        command = said.strip() or usual
        if command == _QUIT or command in _COMMANDS:
            yield command
        else:
            complain(line(f"  {command} is not known here: {_HINT}"))


def _spoken(command: str) -> str:
    return command if command == _QUIT else f"pulumi {' '.join(_COMMANDS[command])}"


def _pulumi(stage: Stage, teller: Teller, command: str) -> bool:
    words = _COMMANDS[command]
    teller.command(("pulumi", *words))
    run = stage.engine.run(*words, show=teller.engine)
    if run.code:
        teller.say("That failed. If something is still set on the page, end it there and run this again.")
    return run.code == 0
