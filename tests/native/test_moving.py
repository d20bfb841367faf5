"""A Python stack moves to a block of another language and back; nothing is written, and destroy is exact."""

from __future__ import annotations

import json

from tests.engine.world import HEADER, SUPPORT_ON_WEBHOOK, WEBHOOK
from tests.native.stack import PROVIDER, YamlStack, block


def as_python(stack: YamlStack, *lines: str) -> None:
    """Let the project be one of Python again."""
    plugins = {"providers": [{"name": "vapi-sms", "path": str(PROVIDER)}]}
    project = {"name": "test", "runtime": "python", "plugins": plugins}
    stack.project.folder.joinpath("Pulumi.yaml").write_text(json.dumps(project))
    program = "\n".join([HEADER, *lines])
    stack.project.folder.joinpath("__main__.py").write_text(f"{program}\n")


def test_a_python_stack_moves_to_a_block_and_back_without_a_write(stack: YamlStack) -> None:
    """The block knows where its parts stood; the way back takes the alias of the number's new place."""
    as_python(stack, SUPPORT_ON_WEBHOOK)
    stack.up()
    stack.writes()

    stack.project.folder.joinpath("__main__.py").unlink()
    stack.program({"support": block(number=WEBHOOK, assistant="Support")})
    moved = stack.up().text
    assert "+ 1 created" in moved
    assert "3 unchanged" in moved
    stack.settled()
    assert stack.writes() == []

    there = stack.urn("support", parents="Number")
    as_python(
        stack,
        'VapiSmsNumber("support", number=WEBHOOK, assistant="Support", '
        f"opts=ResourceOptions(aliases=[{there!r}]))",
    )
    back = stack.up().text
    assert "- 1 deleted" in back
    assert "3 unchanged" in back
    as_python(stack, SUPPORT_ON_WEBHOOK)
    stack.settled()
    assert stack.writes() == []

    stack.destroy()
    assert stack.snapshot() == stack.before


def test_a_block_is_given_back_by_the_stack_it_moved_in(stack: YamlStack) -> None:
    """What the dynamic resource recorded is what destroy of the block puts back."""
    as_python(stack, SUPPORT_ON_WEBHOOK)
    stack.up()
    stack.project.folder.joinpath("__main__.py").unlink()
    stack.program({"support": block(number=WEBHOOK, assistant="Support")})
    stack.up()

    stack.destroy()

    assert stack.snapshot() == stack.before
