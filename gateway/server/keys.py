"""The keys tokens are signed with: a JWK set in a file that only its owner may read."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from tempfile import NamedTemporaryFile

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from .problem import OperatorProblem


class KeysUnusable(OperatorProblem):
    """The key file is missing, or cannot be used; the message says what to do."""


def read_keys(path: Path) -> KeySet:
    """The keys in a file. Public keys may be among them: they check tokens that somebody else signs.

    :raises KeysUnusable: there is no such file, others may read it, or it holds something else than Ed25519 keys.
    """
    try:
        with path.open("rb") as file:
            open_to = stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077
            text = file.read()
    except OSError as error:
        raise KeysUnusable(f"The keys in {path} cannot be read: {error.strerror}.") from None
    if open_to:
        raise KeysUnusable(f"Others than its owner may read {path}, and its keys sign tokens: chmod 600 {path}")
    try:
        keys = KeySet.import_key_set(json.loads(text))
    except (ValueError, KeyError, TypeError, JoseError):
        raise KeysUnusable(f"{path} is not a JWK set.") from None
    if not all(isinstance(key, OKPKey) and key.curve_name == "Ed25519" for key in keys):
        raise KeysUnusable(f"{path} holds other keys than Ed25519 ones (kty OKP, crv Ed25519).")
    return keys


def new_keys() -> KeySet:
    """A new key, kept nowhere yet."""
    return KeySet([OKPKey.generate_key("Ed25519", {"use": "sig"}, auto_kid=True)])


def create_keys(path: Path) -> KeySet:
    """A new key in a new file with mode 0600, unless there is one: then the keys in that.

    :raises KeysUnusable: as `read_keys`, and when the file cannot be written.
    """
    keys = new_keys()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and then linked: whoever starts at the same time finds a whole file, or none.
        with NamedTemporaryFile("w", dir=path.parent, prefix=f"{path.name}.") as file:
            json.dump(keys.as_dict(private=True), file, indent=1)
            file.flush()
            os.link(file.name, path)
    except FileExistsError:
        return read_keys(path)
    except OSError as error:
        raise KeysUnusable(f"The keys cannot be written to {path}: {error.strerror}.") from None
    return keys
