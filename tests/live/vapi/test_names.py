"""Names: exact and unique, listed once, and ids that come into being after the list."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from vapi_sms.core.errors import Refusal
from vapi_sms.live.vapi.client import VapiClient
from vapi_sms.live.vapi.names import Names, is_id
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import asked
from tests.sandbox.world import ORG, SALES, SQUAD, SUPPORT, seed

LATER = "a5000000-0000-4000-8000-000000000077"


@pytest.fixture
def names(vapi: VapiClient) -> Names:
    """Return the names of an org of which nothing was read."""
    return Names(vapi)


def refused(names: Names, text: str) -> str:
    """Return the line that refuses an assistant."""
    with pytest.raises(Refusal) as caught:
        names.assistants.resolve("+14155550100", text)
    assert caught.value.subject == "+14155550100"
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SUPPORT, True),
        (SUPPORT.upper(), True),
        ("Support", False),
        (f" {SUPPORT}", False),
        (SUPPORT[:-1], False),
        ("", False),
    ],
)
def test_ids_are_uuids(text: str, *, expected: bool) -> None:
    """All else is a name."""
    assert is_id(text) is expected


def test_a_list_serves_all_names(sandbox: RunningSandbox, names: Names) -> None:
    """By name, by id, in capitals: one request; squads are another list, read only when one is declared."""
    assert names.assistants.resolve("n", "Support").id == SUPPORT
    assert names.assistants.resolve("n", SALES).name == "Sales"
    assert names.assistants.resolve("n", SALES.upper()).name == "Sales"
    assert asked(sandbox) == ["GET vapi /assistant"]

    assert names.squads.resolve("n", "Everybody").id == SQUAD
    assert asked(sandbox) == ["GET vapi /assistant", "GET vapi /squad"]
    assert names.by_id() == {SUPPORT: "Support", SALES: "Sales", SQUAD: "Everybody"}


def test_ids_are_known_by_nothing_before_a_list(sandbox: RunningSandbox, names: Names) -> None:
    """Asking what an id is called costs no request."""
    assert names.by_id() == {}
    assert asked(sandbox) == []


def test_an_assistant_made_since_the_list_is_fetched(sandbox: RunningSandbox, names: Names) -> None:
    """It came into being in the same `up`: its id is asked for once."""
    names.assistants.load()
    sandbox.outside_vapi("create", kind="assistant", org=ORG, id=LATER, set={"name": "Later"})

    assert names.assistants.resolve("n", LATER).name == "Later"
    assert names.assistants.resolve("n", LATER).name == "Later"

    assert asked(sandbox) == ["GET vapi /assistant", f"GET vapi /assistant/{LATER}"]
    assert names.by_id()[LATER] == "Later"


def test_what_is_not_there_is_told(sandbox: RunningSandbox, names: Names) -> None:
    """A name with what there is, an id with what may have become of it."""
    assert refused(names, "Nobody") == (
        "no assistant of this Vapi org is named 'Nobody' (there are: Sales, Support)"
    )
    assert refused(names, LATER) == (
        f"no assistant of this Vapi org has the id {LATER}: was it deleted, or is it in another org?"
    )
    sandbox.outside_vapi("delete", kind="squad", org=ORG, id=SQUAD)
    with pytest.raises(Refusal, match=r"no squad of this Vapi org is named 'Everybody' \(there are: none\)"):
        names.squads.resolve("n", "Everybody")


def test_a_name_is_exact_and_unique(sandbox: RunningSandbox, names: Names) -> None:
    """Neither case nor blanks are forgiven, and two of one name are refused with both ids."""
    sandbox.outside_vapi("create", kind="assistant", org=ORG, id=LATER, set={"name": "Support"})

    assert "is named 'support'" in refused(names, "support")
    assert "is named 'Support '" in refused(names, "Support ")
    assert refused(names, "Support") == (
        f"2 assistants are named 'Support': write one of their ids ({SUPPORT}, {LATER})"
    )
    assert names.assistants.resolve("n", LATER).id == LATER


def test_a_name_is_refused_only_where_one_that_cannot_be_read_may_bear_it(
    sandbox: RunningSandbox, names: Names
) -> None:
    """Ids go on, and so do names that it is known not to have."""
    held = {"id": SUPPORT, "orgId": ORG, "name": "Support"}
    sandbox.fault(path="/assistant", status=200, body=[held, {"name": "Sales"}, {"id": LATER, "name": ["?"]}])

    assert names.assistants.resolve("n", SUPPORT).name == "Support"
    told = (
        "whether 'Support' is the name of one assistant of this Vapi org alone is not known, since Vapi's answer "
        f"cannot be read of {LATER}: write an id in place of the name"
    )
    assert refused(names, "Support").endswith(told)


def test_a_name_that_nothing_unread_has_is_found(sandbox: RunningSandbox, names: Names) -> None:
    """One that has no id is called otherwise; its own name is refused, since nobody can say which one it is."""
    held = {"id": SUPPORT, "orgId": ORG, "name": "Support"}
    sandbox.fault(path="/assistant", status=200, body=[held, {"orgId": ORG, "name": "Sales"}])

    assert names.assistants.resolve("n", "Support").id == SUPPORT
    assert "cannot be read of one without an id" in refused(names, "Sales")


def test_an_assistant_without_a_name_has_its_id(sandbox: RunningSandbox, names: Names) -> None:
    """The dashboard lets people make them."""
    sandbox.outside_vapi("create", kind="assistant", org=ORG, id=LATER)

    assert names.assistants.resolve("n", LATER).name == ""
    assert "there are: Sales, Support)" in refused(names, "Nobody")


class TestThousands:
    """An org with more assistants than a page holds."""

    @pytest.fixture
    def sandbox(self, sandbox: RunningSandbox) -> Iterator[RunningSandbox]:
        """Return the sandbox with 1,500 assistants."""
        large = seed()
        large["vapi"]["orgs"][0]["assistants"] = [
            {"id": f"a5000000-0000-4000-8000-{n:012}", "name": f"Bot {n}"} for n in range(1500)
        ]
        sandbox.reset(large)
        sandbox.clear_journal()
        yield sandbox
        sandbox.reset(seed())

    def test_the_last_one_is_found_by_name(self, sandbox: RunningSandbox, names: Names) -> None:
        """Two pages, and no more for the next name."""
        assert names.assistants.resolve("n", "Bot 0").id.endswith("000000000000")
        assert names.assistants.resolve("n", "Bot 1499").id.endswith("000000001499")
        assert asked(sandbox) == ["GET vapi /assistant"] * 2
