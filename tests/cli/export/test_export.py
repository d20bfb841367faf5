"""`vapi-sms export`: an account as a program or a fleet file, word for word, and without a secret."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from vapi_sms.cli.export import writing
from vapi_sms.cli.export.selecting import Selected

from tests.cli.export.company import ADOPTED, AT_VAPI, LEFT_OUT, environment, export, seed
from tests.engine.world import CANARIES, HIDDEN, STUDIO, VAPI_SMS

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox

HERE = Path(__file__).parent


@pytest.mark.parametrize(("args", "golden"), [((), "program.txt"), (("--format", "yaml"), "numbers.txt")])
def test_account_is_written_word_for_word(
    company: RunningSandbox, args: tuple[str, ...], golden: str
) -> None:
    """Every number is there, or stands at the end with the reason; nothing is written to vendors, no secret told."""
    ran = export(environment(company), *args)

    assert ran.returncode == 0
    assert ran.stdout == HERE.joinpath(golden).read_text()
    assert {entry["method"] for entry in company.journal()} == {"GET"}
    assert [canary for canary in CANARIES if canary in ran.stdout + ran.stderr] == []


def test_program_is_formatted_as_programs_are() -> None:
    """A formatter finds nothing to change, so that an export is the first commit."""
    program = HERE.joinpath("program.txt").read_text()

    formatted = subprocess.run(
        [Path(sys.executable).with_name("ruff"), "format", "--isolated", "-"],
        input=program,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert formatted == program


def test_what_is_done_is_said_beside(company: RunningSandbox) -> None:
    """On stderr: how many, what is left out, and which secrets the program reads, by the command to set them."""
    ran = export(environment(company))

    said = ran.stderr.splitlines()
    assert said[0] == (
        f"vapi-sms: {len(ADOPTED)} answered by Vapi, 15 by others; {len(LEFT_OUT)} left out, each with its reason, "
        "at the end."
    )
    assert "4 URLs with a password or query are not in the program" in said[1]
    shown = {
        "00-url": "https://***@old.example.com/sms?token=***#rc=3&rp=ct,rt,5xx",
        "00-fallback": "https://old.example.com/fallback?token=***",
        "03-url": "https://orders-1234-dev.twil.io/reply?key=***",
        "14-url": "http://legacy.example.com:8080/a//b?x=***&x=***&***#***",
    }
    assert said[2:] == [
        f"vapi-sms:   pulumi config set --secret number-141555501{key}  # {url}" for key, url in shown.items()
    ]


def test_named_numbers_go_into_a_file(company: RunningSandbox, tmp_path: Path) -> None:
    """Only those, and never over a file that is there."""
    file = tmp_path / "__main__.py"
    env = environment(company)

    ran = export(env, AT_VAPI, STUDIO, "--output", file)
    again = export(env, AT_VAPI, "--output", file)
    nowhere = export(env, AT_VAPI, "--output", tmp_path / "nowhere/x.py")

    assert (ran.returncode, ran.stdout) == (0, "")
    program = file.read_text()
    assert program.count("VapiSmsNumber(") == program.count("TwilioSmsRoute(") == 1
    assert "pulumi.Config()" not in program
    assert "Left out" not in program
    assert (again.returncode, again.stderr) == (
        1,
        f"vapi-sms: {file} is there already: name another file, or move it away\n",
    )
    assert nowhere.stderr == f"vapi-sms: cannot write {tmp_path}/nowhere/x.py: No such file or directory\n"


def test_a_number_of_an_area_code_that_is_not_known_here_is_declared(company: RunningSandbox) -> None:
    """The account has it, so it exists: our table of area codes only ages."""
    lately, record = "+15555550177", AT_VAPI
    seeded = seed()
    seeded["twilio"]["accounts"][0]["numbers"].append({"phone_number": lately, "sms_url": VAPI_SMS})
    at_vapi = next(each for each in seeded["vapi"]["orgs"][0]["phone_numbers"] if each["number"] == record)
    seeded["vapi"]["orgs"][0]["phone_numbers"].append(
        {**at_vapi, "id": "0b000000-0000-4000-8000-015555550177", "number": lately}
    )
    company.reset(seeded)

    program = export(environment(company), lately).stdout
    file = export(environment(company), lately, "--format", "yaml").stdout

    assert f'number="{lately}"' in program
    assert "VapiSmsNumber(" in program
    assert f"{lately}:" in file.replace('"', "")


def test_only_what_can_be_declared_is_imported(company: RunningSandbox) -> None:
    """Nothing but a number that nothing can declare: a program without resources still runs."""
    ran = export(environment(company), HIDDEN)

    assert "import" not in ran.stdout.partition("# Left out:")[0].partition('"""\n')[2]
    assert compile(ran.stdout, "__main__.py", "exec").co_names == ("__doc__",)


def test_very_many_numbers_come_with_advice() -> None:
    """Hundreds of resources slow Pulumi down."""
    few, many = (
        Selected("AC", (), ("any",) * count, ())  # type: ignore[arg-type] # only counted
        for count in (200, 201)
    )

    assert len(few.said()) == 1
    assert many.said()[1].startswith("so many resources slow Pulumi down")


def test_one_secret_is_told_as_one() -> None:
    """Set by --stack, or for a person to set; none is nothing to say."""
    one = {"desk-url": "https://a.example.com/?k=canary"}

    assert writing.said({}, None) == []
    assert writing.said(one, "dev") == [
        "1 URL with a password or query is in the encrypted config of stack dev."
    ]
    assert writing.said(one, None)[1] == (
        "  pulumi config set --secret desk-url  # https://a.example.com/?k=***"
    )
