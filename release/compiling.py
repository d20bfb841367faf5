"""Compile what the provider imports, once, for the Python that runs this: `compiling.py LIB CPxxx`.

The rest of the vendors' libraries, most of them, no provider process imports.
"""

import importlib
import py_compile
import sys

IMPORTED = (
    "vapi_sms.resources.native.serving",
    "vapi_sms.resources.native.servicer",
    "vapi_sms.resources.native.importing",
    "vapi_sms.resources.engine.session",
    "vapi_sms.core.doctor.diagnosis",
    "vapi_sms.live.survey",
    "vapi_sms.resources.number.life",
    "vapi_sms.resources.fleet.life",
    "vapi_sms.resources.route.life",
    "vapi_sms.resources.service.life",
    "vapi_sms.resources.service.original_life",
    "vapi_sms.resources.record.life",
)


def main(libraries: str, own: str) -> None:
    """Import, then compile what that brought in; dates of files are not looked at, since archives may lose them."""
    sys.path[:0] = [f"{libraries}/{own}", f"{libraries}/any"]
    sys.dont_write_bytecode = True
    importlib.import_module("vapi_sms.resources.native.__main__").speak_without_the_sdk()
    for name in IMPORTED:
        importlib.import_module(name)
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None) or ""
        if file.startswith(libraries) and file.endswith(".py"):
            py_compile.compile(
                file, doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
