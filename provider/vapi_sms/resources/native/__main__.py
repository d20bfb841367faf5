"""Where the process begins: as `pulumi-resource-vapi-sms`, or `python -m vapi_sms.resources.native ADDRESS`."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from types import ModuleType

_OF_MESSAGES = ("pulumi", "pulumi.runtime", "pulumi.runtime.proto")


def main() -> int:
    """Serve the engine whose address is the first argument; see serving."""
    speak_without_the_sdk()
    from vapi_sms.resources.native.serving import main as serve  # noqa: PLC0415 after the line above

    return serve()


def speak_without_the_sdk() -> None:
    """Let Pulumi's messages be imported by themselves.

    Their packages import all of Pulumi's SDK, which nothing here uses: half of what a provider imports before it
    listens. So these stand empty, at their places, and the modules in them are found as ever.
    """
    sdk = None if "pulumi" in sys.modules else find_spec("pulumi")
    if sdk is None or not sdk.submodule_search_locations:
        return
    for name in _OF_MESSAGES:
        package = ModuleType(name)
        inner = name.split(".")[1:]
        package.__path__ = ["/".join((folder, *inner)) for folder in sdk.submodule_search_locations]
        sys.modules[name] = package


if __name__ == "__main__":
    sys.exit(main())
