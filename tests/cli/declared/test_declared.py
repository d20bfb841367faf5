"""`vapi-sms declared`: what a fleet file declares and what a pull request changes of it, from the files alone."""

from __future__ import annotations

import contextlib
import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner
from vapi_sms.cli.app import app
from vapi_sms.resources.fleet_file.models import Options

from tests.cli.command import COMMAND
from tests.cli.declared.files import AFTER, BEFORE, Ran, declared
from tests.steps import steps_of


def succeeded(ran: Ran) -> str:
    """Give what a command printed."""
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def test_each_number_is_told_with_what_is_said_of_it(tmp_path: Path) -> None:
    """All stacks, or one: what goes without saying is left out, and no part of a URL that may be secret is shown."""
    assert succeeded(declared(tmp_path, AFTER)) == (
        "stack dev: 1 is declared\n"
        "  +14155550101  assistant: Support\n"
        "stack prod: 5 are declared\n"
        "  +14155550103  assistant: Sales; restore_to: Webhook https://***@a.example/sms?token=***\n"
        "  +14155550104  assistant: Sales; restore_to: Webhook https://***@a.example/sms?token=***\n"
        "  +14155550105  assistant: Support; sms_enabled: false; name: a|b <b> @team #1; restore_to: leave_at_vapi; "
        "on_remove: leave\n"
        "  +14155550107  assistant: Sales; restore_to: Webhook https://***@a.example/sms?token=***\n"
        "  +14155550110  squad: Everybody\n"
    )
    assert succeeded(declared(tmp_path, AFTER, None, "--stack", "dev")) == (
        "stack dev: 1 is declared\n  +14155550101  assistant: Support\n"
    )


def test_an_area_code_that_is_not_known_here_is_a_warning(tmp_path: Path) -> None:
    """Only Twilio can tell whether such a number exists: the file stands, with a word beside it."""
    file = "defaults: {assistant: Support}\nnumbers: [+15555550100, +14155550100]\n"
    warning = (
        "+15555550100: area code 555 is not among those known here, which a new one may not be: whether the number "
        "exists, Twilio says at the next preview with credentials"
    )

    ran, markdown = declared(tmp_path, file), declared(tmp_path, file, None, "--markdown")

    assert (ran.returncode, ran.stderr) == (0, f"{warning}\n")
    assert "  +15555550100  assistant: Support\n" in ran.stdout
    assert (markdown.returncode, markdown.stderr) == (0, "")
    assert "area code 555 is not among those known here" in markdown.stdout
    leaving = declared(tmp_path, file.replace("+15555550100, ", ""), file)
    assert leaving.stderr == "", "of a number that leaves nobody needs to know"


def test_a_comparison_tells_what_joins_changes_and_leaves(tmp_path: Path) -> None:
    """What a pull request changes, number by number, and what becomes of numbers that leave."""
    same = "the same but for parts that are not shown"
    webhook = "restore_to: Webhook https://***@a.example/sms?token=***"

    assert succeeded(declared(tmp_path, AFTER, BEFORE)) == (
        "stack dev: 1 joins (this stack is new in the file)\n"
        "+ +14155550101  assistant: Support\n"
        "stack prod: 3 leave, 3 change, 1 joins, 1 stays as it is\n"
        "- +14155550106  is protected: pulumi up refuses; assistant: Support; protect: true\n"
        "- +14155550108  gets its routing back; assistant: Support; restore_to: Studio Flow "
        "FW00000000000000000000000000000001\n"
        "- +14155550109  stays at Vapi; assistant: Support; on_remove: leave\n"
        f"~ +14155550103  assistant: Old → Sales; {webhook} → {same}\n"
        f"~ +14155550104  assistant: Old → Sales; {webhook} → {same}\n"
        "~ +14155550105  sms_enabled: true → false; name: not said → a|b <b> @team #1; restore_to: not said → "
        "leave_at_vapi; on_remove: restore → leave\n"
        f"+ +14155550107  assistant: Sales; {webhook}\n"
    )


def test_a_comment_puts_together_what_is_alike(tmp_path: Path) -> None:
    """As Markdown: a row for numbers to which the same happens, and no name that becomes markup or a mention."""
    url = "restore\\_to: Webhook `https://***@a.example/sms?token=***`"

    ran = declared(tmp_path, AFTER, BEFORE, "--markdown", "--stack", "prod")

    assert succeeded(ran).splitlines() == [
        "<!-- vapi-sms declared -->",
        "### `numbers.yaml` changes 7 numbers",
        "",
        "#### `prod`: 3 leave, 3 change, 1 joins, 1 stays as it is",
        "",
        "| numbers | change | options |",
        "| --- | --- | --- |",
        "| `+14155550106` | leaves | is protected: pulumi up refuses<br>assistant: Support<br>protect: true |",
        (
            "| `+14155550108` | leaves | gets its routing back<br>assistant: Support<br>"
            "restore\\_to: Studio Flow FW00000000000000000000000000000001 |"
        ),
        "| `+14155550109` | leaves | stays at Vapi<br>assistant: Support<br>on\\_remove: leave |",
        (
            f"| `+14155550103`, `+14155550104` | changes | assistant: Old → Sales<br>{url} → the same but for parts "
            "that are not shown |"
        ),
        (
            "| `+14155550105` | changes | sms\\_enabled: true → false<br>"
            "name: not said → a\\|b \\<b\\> @\u200bteam #\u200b1<br>"
            "restore\\_to: not said → leave\\_at\\_vapi<br>on\\_remove: restore → leave |"
        ),
        f"| `+14155550107` | joins | assistant: Sales<br>{url} |",
        "",
        (
            "Only files were read: who answers today, drift and refusals are told by `vapi-sms preview`, which needs "
            "credentials."
        ),
    ]


def test_regrouping_is_no_change(tmp_path: Path) -> None:
    """Arranged in another way, a file declares the same."""
    before = "defaults: {assistant: Support}\nnumbers: [+14155550101, +14155550102]\n"
    after = "groups: {all: {assistant: Support, numbers: [+1 415 555 0102, +14155550101]}}\n"

    assert succeeded(declared(tmp_path, after, before)) == "all stacks: 2 stay as they are\n"
    assert "changes no number" in succeeded(declared(tmp_path, after, before, "--markdown"))


def test_a_new_file_and_a_stack_that_goes_are_told(tmp_path: Path) -> None:
    """Compared with nothing every number joins; in a stack that the file drops every number leaves."""
    one = "numbers: {+14155550101: Support}\n"

    assert succeeded(declared(tmp_path, one, "")) == (
        "all stacks: 1 joins\n+ +14155550101  assistant: Support\n"
    )
    assert succeeded(declared(tmp_path, f"{one}stacks: {{prod: }}\n", f"{one}stacks: {{qa: }}\n")) == (
        "stack prod: 1 joins (this stack is new in the file)\n"
        "+ +14155550101  assistant: Support\n"
        "stack qa: 1 leaves (this stack is in the file no longer: pulumi up refuses there)\n"
        "- +14155550101  gets its routing back; assistant: Support\n"
    )
    assert succeeded(declared(tmp_path, f"{one}stacks: {{prod: }}\n", one)) == (
        "stack prod: 1 stays as it is\n"
    )


def test_a_file_with_mistakes_fails_and_tells_all_of_them(tmp_path: Path) -> None:
    """Exit code 1, on standard error as an editor reads them, and in the comment."""
    lines = (
        "numbers.yaml:1: numbers.+14155550101.asistant: is unknown: did you mean assistant?\n"
        "numbers.yaml:2: defaults: must be a map of options\n"
    )
    wrong = "numbers: {+14155550101: {asistant: A}}\ndefaults: A\n"

    plain, comment = declared(tmp_path, wrong, BEFORE), declared(tmp_path, wrong, BEFORE, "--markdown")

    assert (plain.returncode, plain.stdout, plain.stderr) == (1, "", lines)
    assert (comment.returncode, comment.stderr) == (1, lines)
    assert comment.stdout == (
        f"<!-- vapi-sms declared -->\n### `numbers.yaml` cannot be used\n\n```text\n{lines}```\n"
    )


def test_mistakes_of_the_file_before_do_not_stop_a_pull_request(tmp_path: Path) -> None:
    """The pull request may be about them: what it declares is told, and that nothing was compared."""
    after, before = "numbers: {+14155550101: A}\n", "numbers: {+14155550101: }\n"
    note = (
        "Nothing is compared, since the file before has mistakes itself. base.yaml:1: numbers.+14155550101: is "
        "answered by nobody: write an assistant or a squad here, in its group or in defaults"
    )

    ran = declared(tmp_path, after, before)

    assert (ran.returncode, ran.stderr) == (0, f"{note}\n")
    assert ran.stdout == "all stacks: 1 is declared\n  +14155550101  assistant: A\n"
    assert note in succeeded(declared(tmp_path, after, before, "--markdown"))


def test_a_stack_that_the_file_does_not_know_is_refused(tmp_path: Path) -> None:
    """As load_numbers refuses it."""
    ran = declared(tmp_path, AFTER, None, "--stack", "prd")

    assert ran.returncode == 1
    assert ran.stderr.startswith("numbers.yaml:6: stacks: says nothing of stack prd: did you mean prod?")


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    """A file that is not there is one line; a base that is not there was typed wrongly."""
    base = declared(tmp_path, AFTER, None, "--base", "nowhere.yaml")
    with contextlib.chdir(tmp_path):
        missing = CliRunner().invoke(app, ["declared", "number.yaml"])

    assert (base.returncode, base.stdout) == (2, "")
    assert "nowhere.yaml" in base.stderr
    assert (missing.exit_code, missing.stderr) == (
        1,
        "number.yaml: cannot be read: No such file or directory\n",
    )


def test_nothing_but_the_file_is_needed(tmp_path: Path) -> None:
    """No credentials, no engine on PATH, no passphrase: an empty environment, as for a stranger's pull request."""
    tmp_path.joinpath("numbers.yaml").write_text("numbers: {+14155550101: A}\n")
    command = [str(COMMAND), "declared", "numbers.yaml"]

    ran = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == "all stacks: 1 is declared\n  +14155550101  assistant: A\n"


def test_no_option_can_change_unnoticed(tmp_path: Path) -> None:
    """Whatever option a fleet file takes, its change is told."""
    values: dict[str, object] = {
        "assistant": "B",
        "squad": "B",
        "sms_enabled": False,
        "name": "B",
        "voice": "vapi",
        "restore_to": "demo",
        "restore_calls_to": {"webhook": "https://calls.example/"},
        "adopt": True,
        "messaging_service": "MG00000000000000000000000000000001",
        "fallback": "original",
        "prove": {"before": "Open?"},
        "on_remove": "leave",
        "protect": True,
    }
    assert values.keys() == Options.model_fields.keys()

    for name, value in values.items():
        entry = {"assistant": "A", name: value, **({"assistant": None} if name == "squad" else {})}
        after = json.dumps({"numbers": {"+14155550101": entry}})
        told = succeeded(declared(tmp_path, after, "numbers: {+14155550101: A}\n"))
        assert f"{name}: " in told, name


STRANGER = "x0: &a0 {a: 1}\n" + "".join(
    f"x{n + 1}: &a{n + 1} {{<<: [{', '.join([f'*a{n}'] * 4)}]}}\n" for n in range(14)
)
MUCH = "stands for more than 250,000 entries, with aliases and merge keys (<<) written out: split it"


@pytest.mark.timeout(60)
def test_a_file_of_half_a_kilobyte_is_read_in_a_moment(tmp_path: Path) -> None:
    """A stranger's merge keys stand for billions: one line, in the file that is checked and in the one before it."""
    ran: list[Ran] = []

    steps_of(lambda: ran.append(declared(tmp_path, STRANGER)), 10_000_000)
    steps_of(lambda: ran.append(declared(tmp_path, AFTER, STRANGER)), 20_000_000)

    assert len(STRANGER) < 600
    assert (ran[0].returncode, ran[0].stdout, ran[0].stderr.count("\n")) == (1, "", 1)
    assert ran[0].stderr.endswith(f"{MUCH}\n")
    assert ran[1].returncode == 0
    assert ran[1].stderr.startswith("Nothing is compared, since the file before has mistakes itself.")
    assert ran[1].stderr.endswith(f"{MUCH}\n")


def test_two_files_that_are_small_each_may_be_too_much_together(tmp_path: Path) -> None:
    """One has the numbers, the other one the stacks."""
    numbers = ", ".join(f"+1415{5_550_000 + n}" for n in range(5_000))
    stacks = ", ".join(f"s{n}: {{}}" for n in range(5_000))
    ran: list[Ran] = []

    def compare() -> None:
        ran.append(
            declared(
                tmp_path, f"defaults: {{assistant: A}}\nnumbers: [{numbers}]\n", f"stacks: {{{stacks}}}\n"
            )
        )

    steps_of(compare, 10_000_000)

    assert (ran[0].returncode, ran[0].stdout) == (1, "")
    assert ran[0].stderr == (
        "numbers.yaml: declares more than 100,000 numbers, those of all stacks together: split it\n"
    )
