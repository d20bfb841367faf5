"""Records that somebody damaged, by an edit of the state: nothing is written, and one line tells the ways out."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import standing, written
from tests.resources.provider import ProviderError
from tests.resources.stack import PROPS, Refused, Stack


@pytest.mark.parametrize(
    "damage",
    [
        None,
        "a text",
        {"messaging": None},
        {"messaging": []},
        {"source": "hand"},
        {"imports": "{{"},
        {"imports": "[1]"},
        {"seen": "yesterday"},
        {"sid": None},
    ],
    ids=str,
)
def test_a_damaged_record_is_told_in_one_line(sandbox: RunningSandbox, stack: Stack, damage: Any) -> None:
    """By preview, up and destroy; with the state of before, destroy gives every field back."""
    before = standing(sandbox)
    stack.up(**PROPS)
    whole = copy.deepcopy(stack.state)
    for held in stack.state.values():
        for props in (held.inputs, held.outs):
            for name in {"original", "originals"} & props.keys():
                props[name] = {sid: damaged(record, damage) for sid, record in props[name].items()}
    sandbox.clear_journal()

    for act in (
        lambda: stack.preview(**PROPS),
        lambda: stack.up(**PROPS, name="Front desk"),
        stack.refresh,
        stack.destroy,
    ):
        with pytest.raises((Refused, ProviderError)) as caught:
            act()
        told = str(caught.value)
        assert "in this stack's state is damaged, so nothing is written" in told
        assert "\n" not in told
    assert written(sandbox) == []

    stack.state = whole
    stack.destroy()
    assert standing(sandbox) == before


def damaged(record: dict[str, Any], damage: Any) -> Any:
    """Give a record with something in it that is none of ours; None takes a field away."""
    if not isinstance(damage, dict):
        return damage
    return {name: value for name, value in {**record, **damage}.items() if value is not None}
