"""Start the provider with the libraries beside this file: nothing is installed or looked up on this machine.

Run by `pulumi-resource-vapi-sms`, isolated (-I -S), so that no other package or variable of this machine has a part.
"""

import os
import sys

LIBRARIES = os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib")
PURE = "any"


def main() -> int:
    """Serve, on this Python or on another one that there are libraries for."""
    own = "cp{}{}".format(*sys.version_info[:2])
    there = sorted(name for name in os.listdir(LIBRARIES) if name != PURE)
    if own not in there:
        return _on_another(there)
    sys.path[:0] = [os.path.join(LIBRARIES, own), os.path.join(LIBRARIES, PURE)]
    from vapi_sms.resources.native.__main__ import main as serve

    return serve()


def _on_another(there: "list[str]") -> int:
    import shutil
    import subprocess

    versions = [f"{name[2:3]}.{name[3:]}" for name in there]
    for version in versions:
        python = shutil.which(f"python{version}")
        # A shim may lead to a Python that is not there, so each is tried once.
        if python and subprocess.run([python, "-I", "-S", "-c", ""], check=False).returncode == 0:
            os.execv(python, [python, "-I", "-S", *sys.argv])
    sys.stderr.write(
        "pulumi-resource-vapi-sms: no Python {} on PATH, and python3 is {}.{}: install one, or let VAPI_SMS_PYTHON "
        "name it\n".format(" or ".join(versions), *sys.version_info[:2])
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
