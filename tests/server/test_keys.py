"""The key file: made once, for its owner's eyes only."""

import json
import stat
from pathlib import Path

import pytest

from gateway.server.keys import KeysUnusable, create_keys, read_keys


def test_keys_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys.json"

    made = create_keys(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [key.kid for key in read_keys(path)] == [key.kid for key in made]


def test_keys_that_are_there_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first = create_keys(path)
    text = path.read_text()

    assert [key.kid for key in create_keys(path)] == [key.kid for key in first]
    assert path.read_text() == text


def test_keys_that_others_may_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    create_keys(path)
    path.chmod(0o640)

    with pytest.raises(KeysUnusable, match=f"Others than its owner may read {path}, and its keys sign tokens: chmod 600 {path}"):
        read_keys(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeysUnusable, match=r"none\.json cannot be read: No such file or directory\."):
        read_keys(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not a JWK set"),
        ("[]", "is not a JWK set"),
        ('{"keys": []}', "is not a JWK set"),
        ('{"keys": 7}', "is not a JWK set"),
        (json.dumps({"keys": [{"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}]}), "holds other keys than Ed25519 ones"),
    ],
)
def test_a_file_that_is_no_set_of_such_keys_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "keys.json"
    path.touch(0o600)
    path.write_text(text)

    with pytest.raises(KeysUnusable, match=says):
        read_keys(path)
