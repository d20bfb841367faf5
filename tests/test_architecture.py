"""The rooms of the house: who may import whom, who may write, who may print."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "provider/vapi_sms"
FILES = sorted(PACKAGE.rglob("*.py"))
TESTS_AT = Path(__file__).parent
TESTS = sorted(TESTS_AT.rglob("*.py"))
MAY_IMPORT = {
    "core": {"core"},
    "live": {"core", "live"},
    "resources": {"core", "live", "resources"},
    "cli": {"core", "live", "resources", "cli", "sandbox", "drawing"},
    "sandbox": {"sandbox", "drawing"},
    "drawing": {"drawing"},  # what a browser shows of either: it knows plain JSON and nothing of ours
    "": {"core", "resources"},  # __init__.py: the public surface
}
# The rooms of resources, each with those below it. What a program imports reaches only what is as light.
BELOW = {
    "program": {"inputs", "dynamic", "engine.interrupting"},
    "fleet_file": {"inputs", "program", "record.state"},
    "inputs": set[str](),
    "engine": {"inputs"},
    "record": {"inputs", "engine"},
    "number": {"inputs", "engine", "record"},
    "fleet": {"inputs", "engine", "record", "number"},
    "route": {"inputs", "engine", "record", "number"},
    "service": {"inputs", "engine", "record"},
    "dynamic": {"engine"},
    "native": {"inputs", "engine", "record.readable", "number", "program"},
}
MOST_FILES = 16
# Files that the way of one number enters, and moves between them.
MOST_ENTERED = {"check": 49, "create": 48}
MOST_MOVES = {"check": 183, "create": 255}
MOST_LINES = 350  # of a file of tests, which tells of one subject
SUPPRESSION = re.compile(r"# (?:type: ignore(?:\[[\w, -]+\])?|noqa(?:: [A-Z]+\d+(?:, [A-Z]+\d+)*)?)(?!\w)")
PURE = {
    "collections",
    "collections.abc",
    "dataclasses",
    "datetime",  # moments as people read them; nobody asks for the present one
    "enum",
    "functools",  # remembers answers of pure functions
    "hashlib",
    "http",  # HTTPStatus, a table of numbers
    "itertools",
    "json",
    "re",
    "typing",
    "urllib.parse",
}
PROOFS = {"prove_write", "prove_routing"}
AT_VAPI = {"import_number", "update_number", "patch_number", "delete_number"}
WRITES = {"update_routing", "set_inbound"} | AT_VAPI | PROOFS
WRITERS = {
    "live/taking.py": WRITES - {"set_inbound", "patch_number"},
    # What no plan does, on a number that its owner can spare; everything else of it goes through `take`.
    "live/rehearsing.py": {"import_number", "patch_number"},
    "live/apply_service.py": {"set_inbound"},
    "live/apply.py": {"prove_write"},
    "live/vendors.py": PROOFS,  # the proof, which apply asks for once a run
}
PRINTERS = {"cli/printing.py", "cli/paper.py", "resources/engine/notices.py"}
# What the program has printed itself and nobody else would hand over; a server's port for the engine; the schema.
FLUSHERS = {f"resources/{name}.py" for name in ("engine/interrupting", "native/serving", "native/describing")}
MAKERS = {
    "Line": {"core/inert.py"},
    "CheckFailure": {"resources/engine/edge.py", "resources/native/servicer.py"},
    "VapiSms": {"resources/engine/carrying.py", "resources/engine/edge.py"},
}


def name_of(file: Path) -> str:
    """Return a file's path inside the package."""
    return file.relative_to(PACKAGE).as_posix()


def room_of(file: Path) -> str:
    """Return the room of a file; the package's own __init__.py has none, and its __main__.py is the command."""
    if name_of(file) == "__main__.py":
        return "cli"
    return name_of(file).rpartition("/")[0].split("/")[0]


def _room_of_resources(file: Path) -> str:
    """Return the room inside resources; dynamic.py is a room of its own, the package's __init__.py is none."""
    inner = name_of(file).removeprefix("resources/").removesuffix(".py")
    return "" if inner == "__init__" else inner.split("/")[0]


def nodes(file: Path) -> Iterator[ast.AST]:
    """Yield everything in a file."""
    return ast.walk(ast.parse(file.read_text()))


def imports(file: Path) -> Iterator[str]:
    """Yield the modules that a file imports, anywhere in it."""
    for node in nodes(file):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name_of(file)} imports by a relative path"
            yield node.module or ""


def test_imports_go_one_way() -> None:
    """Core <- live <- resources <- cli; the sandbox knows the vendors' specifications, and none of our code."""
    wrong = [
        f"{name_of(file)} imports {module}"
        for file in FILES
        for module in imports(file)
        if module.startswith("vapi_sms.") and module.split(".")[1] not in MAY_IMPORT[room_of(file)]
    ]

    assert wrong == []


def test_the_rooms_of_resources_stand_on_those_below_them() -> None:
    """A program's wing beside the provider's; the records carry the numbers, and they fleets and routes."""
    wrong = [
        f"{name_of(file)} imports {module}"
        for file in FILES
        if room_of(file) == "resources" and (room := _room_of_resources(file))
        for module in imports(file)
        if module.startswith("vapi_sms.resources.")
        for target in [module.removeprefix("vapi_sms.resources.")]
        if target.split(".")[0] != room
        and not any(f"{target}.".startswith(f"{each}.") for each in BELOW[room])
    ]

    assert wrong == []


def test_a_programs_wing_knows_no_vendor() -> None:
    """What people's programs import reaches nothing of `live`."""
    wrong = [
        f"{name_of(file)} imports {module}"
        for file in FILES
        if name_of(file).startswith(("resources/program/", "resources/inputs/", "resources/fleet_file/"))
        for module in imports(file)
        if module.startswith("vapi_sms.live")
    ]

    assert wrong == []


def test_only_the_edge_speaks_to_the_dynamic_server() -> None:
    """Another transport carries the same lives; beside the classes in users' states and those in programs."""
    speakers = {
        name_of(file)
        for file in FILES
        if not name_of(file).startswith("resources/program/")
        for module in imports(file)
        if module.startswith("pulumi.dynamic")
    }

    assert speakers == {"resources/dynamic.py", "resources/engine/edge.py"}


def test_no_room_is_a_warehouse() -> None:
    """Whoever enters a room sees all that is in it."""
    rooms: dict[str, int] = {}
    for file in FILES:
        if file.name != "__init__.py":
            rooms[name_of(file.parent)] = rooms.get(name_of(file.parent), 0) + 1

    assert {room: count for room, count in rooms.items() if count > MOST_FILES} == {}


def test_no_file_of_tests_is_a_heap() -> None:
    """Whoever looks for what is asked of a subject reads one file, from its top to its end."""
    lines = {file.relative_to(TESTS_AT).as_posix(): file.read_text().count("\n") for file in TESTS}

    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_each_suppression_has_its_reason_beside_it() -> None:
    """What a rule is not to find is said on the same line: `# noqa: CODE why`, `# type: ignore[code] # why`."""
    wrong = [
        f"{file.name}:{line}: {comment}"
        for file in FILES + TESTS
        for line, comment in _comments(file)
        if SUPPRESSION.search(comment) and not SUPPRESSION.sub("", comment).strip(" -#")
    ]

    assert wrong == []


def test_the_way_of_one_number_stays_within_its_bound() -> None:
    """Who reads how a number is checked and switched holds so many files in mind; a new one has to earn its place."""
    asked = subprocess.run(
        [sys.executable, "-m", "tests.walk"],
        cwd=PACKAGE.parents[1],
        check=True,
        capture_output=True,
        text=True,
    )
    walks: dict[str, list[str]] = json.loads(asked.stdout)

    for what, walk in walks.items():
        assert len(set(walk)) <= MOST_ENTERED[what], sorted(set(walk))
        assert len(walk) <= MOST_MOVES[what]


def test_core_is_pure() -> None:
    """No I/O, clock, environment or vendor's library; phone numbers' own tables are in one file."""
    wrong = [
        f"{name_of(file)} imports {module}"
        for file in FILES
        if room_of(file) == "core"
        for module in imports(file)
        if not module.startswith(("vapi_sms.core", "__future__"))
        and module not in PURE
        and (name_of(file), module) != ("core/numbers.py", "phonenumbers")
    ]

    assert wrong == []


@pytest.mark.parametrize("room", ["core", "live", "resources"])
def test_rooms_have_files(room: str) -> None:
    """A room that moved would pass every other test."""
    assert sum(room_of(file) == room for file in FILES) > 5


def test_only_apply_writes() -> None:
    """The calls that change something at a vendor stand in apply and what it takes steps by, below its SAFETY MODEL."""
    wrong = [
        f"{name_of(file)} calls {node.attr}"
        for file in FILES
        if room_of(file) != "sandbox"
        for node in nodes(file)
        if isinstance(node, ast.Attribute)
        and node.attr in WRITES
        and node.attr not in WRITERS.get(name_of(file), set())
    ]

    assert wrong == []


def test_only_vapis_client_deletes() -> None:
    """Law 7: no DELETE but that of a Vapi phone number; nothing asks the SDK to release or move a number."""
    deletes = {
        name_of(file)
        for file in FILES
        if room_of(file) not in ("sandbox", "cli")
        for node in nodes(file)
        if isinstance(node, ast.Constant) and node.value in ("DELETE", "PATCH", "PUT")
    }
    sdk = (PACKAGE / "live/twilio/client.py").read_text()
    beside = [(PACKAGE / f"live/twilio/{name}.py").read_text() for name in ("session", "wire")]

    assert deletes == {"live/vapi/client.py"}
    assert not any(".delete(" in text or ".create(" in text for text in (sdk, *beside))
    assert "account_sid=" not in sdk.partition("def _update")[2].partition("\n    def ")[0]


def test_only_a_few_modules_print() -> None:
    """What anything else prints would land in the middle of somebody's preview, or leave by another way than lines."""
    wrong = {
        name_of(file)
        for file in FILES
        if name_of(file) not in PRINTERS | FLUSHERS
        for node in nodes(file)
        if _prints(node)
    }

    assert wrong == set()


@pytest.mark.parametrize(("name", "makers"), MAKERS.items())
def test_what_people_read_is_made_in_one_place(name: str, makers: set[str]) -> None:
    """A Line by inert alone, so that mypy finds a message that forgot it; what the engine takes by edge alone."""
    found = {
        name_of(file)
        for file in FILES
        for node in nodes(file)
        if isinstance(node, ast.Call) and name in (_called(node.func), *map(_called, node.args[:1]))
        if _called(node.func) in (name, "cast")
    }

    assert found == makers


def test_what_previews_show_is_written_as_lines() -> None:
    """The computed properties that people read have their names in one module, whose functions take lines."""
    shown = {"answeredBy", "originalSummary", "inbound", "answers", "drift", "summary"}
    wrong = {
        (name_of(file), key.value)
        for file in FILES
        if room_of(file) == "resources" and name_of(file) != "resources/record/readable.py"
        for node in nodes(file)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value in shown and not _is_read_back(value)
    }

    assert wrong == set()


def _comments(file: Path) -> Iterator[tuple[int, str]]:
    with file.open() as text:
        for token in tokenize.generate_tokens(text.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def _prints(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in ("print", "pprint", "input", "Console")
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in _WAYS_OUT
    )


_WAYS_OUT = {
    ("sys", "stdout"),
    ("sys", "stderr"),
    ("os", "write"),
    ("typer", "echo"),
    ("typer", "secho"),
    ("typer", "prompt"),
    ("typer", "confirm"),
}


def _called(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _is_read_back(value: ast.AST) -> bool:
    """Tell whether a property is carried over from what the engine holds, or is to be filled in by check."""
    return isinstance(value, ast.Constant | ast.Subscript) or (
        isinstance(value, ast.Call) and _called(value.func) in ("get", "_unsaid")
    )
