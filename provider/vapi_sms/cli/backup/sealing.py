"""Sealing: a text that nobody reads, or makes, without the passphrase. Fernet, with a key from scrypt.

The passphrase comes from an environment variable, or is typed at a terminal; it is never an argument, which others
could see.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.cli.printing import ask_secret, can_ask
from vapi_sms.core.inert import line


def passphrase(variable: str | None, name: str, *, is_new: bool) -> str:
    """Give the passphrase of a file; a new one is typed twice. Raises NothingToTell where there is none."""
    refuse_unable()
    if variable is not None:
        return _of(variable)
    if not can_ask():
        otherwise = ", or leave secrets out with --without-secrets" if is_new else ""
        raise NothingToTell(
            f"{name} needs a passphrase, and there is no terminal to ask for it: name the environment variable that "
            f"holds it with --passphrase-env{otherwise}"
        )
    return ask_secret(line(f"Passphrase for {name}"), is_new=is_new)


def _of(variable: str) -> str:
    found = os.environ.get(variable, "")
    if not found:
        raise NothingToTell(f"the environment variable {variable} holds no passphrase: set it")
    return found


_SALT = 16
_KEY = 32
COST = 2**16  # 64 MB and some tenths of a second for each try at the passphrase
MOST = 2**18  # that a file may ask of us: 256 MB


@dataclass(frozen=True, slots=True)
class Salted:
    """What of the key stands in the file: not the passphrase, and all else that makes it."""

    salt: bytes
    cost: int = COST
    block: int = 8
    parallel: int = 1

    @classmethod
    def anew(cls) -> Salted:
        """Give what no other file has."""
        return cls(os.urandom(_SALT))


def refuse_unable() -> None:
    """Raise NothingToTell where the library that seals is not installed: an extra, larger than all of this package."""
    if find_spec("cryptography") is None:
        raise NothingToTell(
            "a passphrase needs a library that is not installed: pip install 'vapi-sms[backup]'"
        )


class Seal:
    """Closes and opens with one passphrase."""

    def __init__(self, passphrase: str, salted: Salted) -> None:
        refuse_unable()
        from cryptography.fernet import Fernet, InvalidToken
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

        made = Scrypt(salt=salted.salt, length=_KEY, n=salted.cost, r=salted.block, p=salted.parallel).derive(
            passphrase.encode(errors="surrogateescape")  # a variable of the environment may hold any bytes
        )
        self._invalid = InvalidToken
        self._fernet = Fernet(base64.urlsafe_b64encode(made))

    def close(self, contents: dict[str, Any]) -> str:
        """Give contents as sealed text."""
        return self._fernet.encrypt(json.dumps(contents).encode()).decode()

    def open(self, sealed: str, name: str) -> dict[str, Any]:
        """Give back contents; raises NothingToTell where the passphrase is another one, or the file was changed."""
        try:
            found: dict[str, Any] = json.loads(self._fernet.decrypt(sealed))
        except (self._invalid, ValueError):
            raise NothingToTell(
                f"{name} does not open with this passphrase: give the one that it was written with; if it is, the file "
                "was damaged since"
            ) from None
        return found
