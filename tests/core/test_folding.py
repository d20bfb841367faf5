"""Maps as one text, and back: always the same text, and nothing else is touched."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vapi_sms.core.documents import fold, unfold

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_a_map_comes_back(value: dict[str, object]) -> None:
    """In whatever order its keys were, as the same text; whoever folded it need not read it again."""
    text = fold(value)

    assert isinstance(text, str)
    assert json.loads(text) == value
    assert unfold(text) is value
    assert fold(value) is text
    assert fold(dict(reversed(value.items()))) == text


@pytest.mark.parametrize("value", ["not recorded yet", "", None, 7, ["{}"], {"unknown": object()}])
def test_what_is_no_map_of_json_stays_as_it_is(value: object) -> None:
    """A placeholder, what is not known yet, nothing at all."""
    assert fold(value) is value


@pytest.mark.parametrize("value", ["not recorded yet", "{half", "", None, {"nested": {}}, "[1]"])
def test_what_is_no_text_of_ours_stays_as_it_is(value: object) -> None:
    """Among it the maps that states of before hold."""
    assert unfold(value) is value
