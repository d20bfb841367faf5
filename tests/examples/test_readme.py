"""What README and docs/ say about the code is so: programs, inputs and outputs, commands, settings, refusals."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from vapi_sms import (
    MessagingServiceInbound,
    OriginalRoutings,
    OriginalService,
    TwilioSmsRoute,
    VapiSmsFleet,
    VapiSmsNumber,
)
from vapi_sms.live.sources import _NAMES

from tests.examples import readme

PACKAGE = readme.REPOSITORY / "provider/vapi_sms"
REFUSALS = readme.PAGES["docs/reference/refusals"]
# Each is a name of what the resource is about: another one is another resource.
REPLACING = {"number", "twilio_sid", "short_code", "service"}
CALLED = {"Refusal", "NotFit", "BadInput", "NotNamed", "NothingToPutBack"}


def texts_in(node: ast.AST) -> Iterator[str]:
    """Yield the texts in a piece of code, with `…` in place of what differs."""
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
        if isinstance(one, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in one.values)


def templates() -> set[str]:
    """Collect every text of the package."""
    return {text for file in PACKAGE.rglob("*.py") for text in texts_in(ast.parse(file.read_text()))}


def refusals() -> dict[str, str]:
    """Collect what the package refuses in words that stand beside the refusal, and where."""
    found = {}
    for file in PACKAGE.rglob("*.py"):
        if {"cli", "sandbox"} & set(file.relative_to(PACKAGE).parts):
            continue  # these say of their own trouble what is wrong, and nothing of it is declared
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in CALLED:
                continue
            for reason in node.args[1:2]:
                if isinstance(reason, ast.Constant | ast.JoinedStr):
                    said = "".join(list(texts_in(reason))[:1])
                    if len(re.findall(r"[a-z]{2,}", said)) > 1:  # else it is put together elsewhere
                        found[said] = f"{file.name}:{node.lineno}"
    return found


def entries() -> list[tuple[str, str, str]]:
    """Give the refusals that the page has: each one's heading, what it says, and the way out."""
    return re.findall(r"^#### (.+)\n\n> `([^`\n]+)`\n\n(\S.+)$", REFUSALS, flags=re.MULTILINE)


def quotes() -> list[str]:
    """Give what they say."""
    return [said for _, said, _ in entries()]


def spans(cell: str) -> list[str]:
    """Give what stands in code spans, with quotes as Python repeats them."""
    return [span.replace('"', "'") for span in re.findall(r"`([^`]+)`", cell)]


def named(cell: str) -> set[str]:
    """Give what stands in code spans, without defaults."""
    return {span.partition("=")[0] for span in spans(cell)}


def test_readme_is_one_screen_and_its_doors() -> None:
    """It has 200 lines or fewer."""
    assert len(readme.PAGES["README"].splitlines()) <= 200


def test_first_program_is_short() -> None:
    """The first program has twelve lines of code or fewer."""
    lines = [line for line in readme.blocks("python", "README")[0].splitlines() if line.strip()]

    assert len(lines) <= 12


@pytest.mark.slow
def test_programs_are_typed(tmp_path: Path) -> None:
    """Every program passes the strict type checker."""
    for number, block in enumerate(readme.blocks("python")):
        tmp_path.joinpath(f"program_{number}.py").write_text(block)

    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", tmp_path / "cache", *tmp_path.glob("*.py")],
        cwd=readme.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


@pytest.mark.slow
def test_the_example_of_a_test_passes(tmp_path: Path) -> None:
    """Pytest runs it without a vendor, an engine or a key."""
    (block,) = readme.blocks("python", "docs/how-to/test-your-program")
    tmp_path.joinpath("test_program.py").write_text(block)

    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:socket", tmp_path],
        cwd=tmp_path,
        env={name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "2 passed" in ran.stdout, ran.stdout + ran.stderr


def check_inputs(constructor: Callable[..., None], section: str) -> None:
    """Hold a table against the arguments of a constructor, with their types and defaults, and what a change does."""
    arguments = list(inspect.signature(constructor).parameters.values())[2:]
    rows = {row[0].strip("`"): row[1:] for row in readme.table(section)}

    assert rows.keys() == {argument.name for argument in arguments}
    for argument in arguments:
        types, default, _, change = rows[argument.name]
        assert default == default_of(argument)
        assert spans(types)
        assert [one for one in spans(types) if one not in str(argument.annotation)] == []
        assert change.startswith(("in place: ", "replaces", "as Pulumi has it"))
        assert change.startswith("replaces") == (argument.name in REPLACING)


def default_of(argument: inspect.Parameter) -> str:
    """Give an argument's default as a table has it."""
    if argument.default is inspect.Parameter.empty:
        return "required"
    return "none" if argument.default is None else f"`{argument.default!r}`".replace("'", '"')


def test_all_inputs_are_told_and_no_others() -> None:
    """The table of inputs has the constructor's arguments, with their defaults."""
    check_inputs(VapiSmsNumber.__init__, "Inputs")


@pytest.mark.parametrize("resource", [VapiSmsFleet, TwilioSmsRoute, MessagingServiceInbound])
def test_the_inputs_of_the_other_resources_are_told_and_no_others(resource: type) -> None:
    """Each has a table of its own, with the constructor's arguments and their defaults."""
    check_inputs(resource.__init__, f"Inputs of {resource.__name__}")  # type: ignore[misc] # of the class that it is


def test_all_outputs_are_told_and_no_others() -> None:
    """The table of outputs has the declared outputs of the class."""
    told = {name for row in readme.table("Outputs") for name in named(row[0])}

    assert told == set(VapiSmsNumber.__annotations__)


@pytest.mark.parametrize(
    "resource", [VapiSmsFleet, MessagingServiceInbound, OriginalRoutings, OriginalService]
)
def test_the_outputs_of_the_other_resources_are_told_and_no_others(resource: type) -> None:
    """Each has a table of its own, with the declared outputs of the class."""
    told = {name for row in readme.table(f"Outputs of {resource.__name__}") for name in named(row[0])}

    assert told == set(resource.__annotations__)


def test_the_outputs_of_a_route_are_those_of_a_number() -> None:
    """All but Vapi's, and its page names them."""
    of_vapi = {"vapi_id", "org_id", "assistant_id", "squad_id", "texts_url"}
    section = readme.PAGES["docs/reference/twilio-sms-route"].split("# Outputs of TwilioSmsRoute\n")[1]
    told = named(section.split(", which mean")[0])

    assert told == set(TwilioSmsRoute.__annotations__) == set(VapiSmsNumber.__annotations__) - of_vapi


def test_each_refusal_has_an_anchor_and_a_way_out() -> None:
    """A heading, one line that it says, one of what to do; no two headings of the page are one anchor."""
    anchors = list(readme.headings(REFUSALS))

    assert len(entries()) == len(re.findall(r"^####", REFUSALS, flags=re.MULTILINE))
    assert len(entries()) == len(re.findall(r"^>", REFUSALS, flags=re.MULTILINE))
    assert len(set(quotes())) == len(quotes())
    assert len(set(anchors)) == len(anchors)


def test_refusals_are_quoted_as_they_are_said() -> None:
    """Each refusal of the page is a text of the package, word for word."""
    said = templates()

    assert len(quotes()) > 15
    assert [quote for quote in quotes() if not any(quote in text for text in said)] == []


def test_every_refusal_has_its_row() -> None:
    """What is refused in words of its own stands on the page, with its way out."""
    told = quotes()
    missing = {place: said for said, place in refusals().items() if not any(one in said for one in told)}

    assert len(refusals()) > 80
    assert missing == {}


def test_credentials_are_named_as_they_are_read() -> None:
    """Each variable and each config key of the table is one that is read."""
    rows = readme.table("Credentials")
    read = {name for pair in _NAMES.values() for name in pair}

    told = {name for row in rows for cell in row[1:3] for name in named(cell)}

    assert told
    assert told <= read
    assert {name for name in read if "_" not in name and not name.startswith("vapi-sms")} <= told


def test_every_setting_is_told_and_no_other() -> None:
    """Each pair of variable and config key stands in a row, and what else of the environment is read, too."""
    rows = readme.table("All settings")
    pairs = {(row[0].strip("`"), row[1].strip("`")) for row in rows if row[1]}
    others = {name for row in rows if not row[1] for name in named(row[0])}
    variable = re.compile(
        r"(?:VAPI_SMS|VAPI|TWILIO|SSL_CERT)_[A-Z_]+[A-Z]|[A-Z]+_CA_BUNDLE|PULUMI_SKIP_CHECKPOINTS"
    )
    read = {
        text
        for file in PACKAGE.rglob("*.py")
        if not {"cli", "sandbox"} & set(file.relative_to(PACKAGE).parts)
        for text in texts_in(ast.parse(file.read_text()))
        if variable.fullmatch(text)
    }

    assert pairs == set(_NAMES.values())
    assert read - {"TWILIO_APPROVED"} - {name for name, _ in _NAMES.values()} <= others


def test_settings_of_the_scripts_are_told() -> None:
    """Each variable of ours that bootstrap reads has its row."""
    read = set(re.findall(r"\$\{(VAPI_SMS_\w+)", readme.REPOSITORY.joinpath("script/bootstrap").read_text()))
    settings = readme.PAGES["docs/reference/settings"]

    assert read
    assert [name for name in read if f"| `{name}` |" not in settings] == []


def links(text: str) -> Iterator[str]:
    """Yield where the links of a page lead, outside of its code."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for pair in re.findall(r"\]\(([^)]+)\)|src=\"([^\"]+)\"", prose):
        yield from filter(None, pair)


@pytest.mark.parametrize("page", readme.PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """Every link within the repository goes to a file, and to a heading that exists."""
    here = readme.REPOSITORY.joinpath(f"{page}.md")

    for target in links(readme.PAGES[page]):
        if target.startswith("https://"):
            continue  # nothing outside can be asked here
        path, _, heading = target.partition("#")
        file = here.parent.joinpath(path) if path else here
        assert file.is_file(), target
        assert not heading or heading in readme.headings(file.read_text()), target


def test_every_page_has_its_door() -> None:
    """Each page is linked on the first one, or where that leads."""
    first, seen = readme.DOCS / "README.md", set[Path]()
    todo = [first]
    while todo:
        page = todo.pop()
        seen.add(page)
        linked = (
            page.parent.joinpath(target.partition("#")[0]).resolve() for target in links(page.read_text())
        )
        todo += [
            one for one in linked if one.suffix == ".md" and one not in seen and readme.DOCS in one.parents
        ]

    assert set(readme.DOCS.rglob("*.md")) <= seen
