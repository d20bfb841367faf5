"""A resource whose vendor is a file. For tests of the engine and of our language host."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import CreateResult, Resource, ResourceProvider

if TYPE_CHECKING:
    from pulumi import Input, Output, ResourceOptions


class ToyProvider(ResourceProvider):
    """Keep a text in a file."""

    serialize_as_secret_always = False

    def __reduce__(self) -> tuple[type[ToyProvider], tuple[()]]:
        """Travel by reference."""
        return ToyProvider, ()

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Write the file; a text may ask for trouble instead."""
        if props["text"] == "refuse":
            raise ValueError("the vendor refuses")
        path = Path(props["path"])
        if props["text"] == "hang":
            path.with_suffix(".started").touch()
            time.sleep(600)
        path.write_text(props["text"])
        return CreateResult(str(path), dict(props))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Remove the file."""
        Path(_id).unlink(missing_ok=True)


class Toy(Resource, module="test", name="Toy"):
    """A text in a file."""

    text: Output[str]

    def __init__(self, name: str, path: str, text: Input[str], opts: ResourceOptions | None = None) -> None:
        """Declare it."""
        super().__init__(ToyProvider(), name, {"path": path, "text": text}, opts)
