from __future__ import annotations

import stat

import pytest

from toolreg.errors import ConfigError, SigningError
from toolreg.manifest import keys, parse_signer
from toolreg.manifest.verify import NotAllowed, read_folder


def test_the_first_use_makes_a_key_that_only_its_owner_can_read(tmp_path):
    key, fresh = keys.open_or_create(tmp_path / "keys")
    path = keys.key_path(tmp_path / "keys")
    assert fresh
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert sorted(p.name for p in path.parent.iterdir()) == ["default.pem", "default.pub"]
    assert keys.own_signers(tmp_path / "keys") == {key.signer}
    again, fresh = keys.open_or_create(tmp_path / "keys")
    assert (again.signer, fresh) == (key.signer, False)


def test_a_key_others_can_read_is_not_used(tmp_path):
    keys.open_or_create(tmp_path)
    keys.key_path(tmp_path).chmod(0o640)
    with pytest.raises(SigningError, match="others can read this key"):
        keys.open_or_create(tmp_path)


def test_a_key_behind_a_link_is_not_used(tmp_path):
    keys.open_or_create(tmp_path / "a")
    (tmp_path / "b").mkdir()
    keys.key_path(tmp_path / "b").symlink_to(keys.key_path(tmp_path / "a"))
    with pytest.raises(SigningError, match="cannot read the key"):
        keys.load(keys.key_path(tmp_path / "b"))


def test_a_passphrase_is_needed_exactly_where_one_was_set(tmp_path):
    key, _ = keys.open_or_create(tmp_path, passphrase="open sesame")
    assert b"ENCRYPTED" in keys.key_path(tmp_path).read_bytes()
    assert keys.open_or_create(tmp_path, passphrase="open sesame")[0].signer == key.signer
    for wrong, says in (("", "needs a passphrase"), ("open", "passphrase is wrong")):
        with pytest.raises(SigningError, match=says):
            keys.open_or_create(tmp_path, passphrase=wrong)
    keys.open_or_create(tmp_path, name="plain")
    with pytest.raises(SigningError, match="has no passphrase"):
        keys.open_or_create(tmp_path, name="plain", passphrase="x")


@pytest.mark.parametrize(
    "content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_broken_key_is_one_clear_line(tmp_path, content):
    path = keys.key_path(tmp_path)
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SigningError, match="cannot be read"):
        keys.load(path)


def test_a_missing_key_says_how_to_make_one(tmp_path):
    with pytest.raises(SigningError) as caught:
        keys.load(keys.key_path(tmp_path))
    assert "toolreg key create" in caught.value.hint


@pytest.mark.parametrize("name", ["../x", "a/b", "", "a.b"])
def test_a_keys_name_is_no_path(tmp_path, name):
    with pytest.raises(SigningError, match="no name for a key"):
        keys.key_path(tmp_path, name)


def test_rotating_keeps_every_old_key_and_loses_none(tmp_path):
    first, _ = keys.open_or_create(tmp_path)
    old, second = keys.rotate(tmp_path)
    assert old.signer == first.signer != second.signer
    _, third = keys.rotate(tmp_path)
    assert keys.own_signers(tmp_path) == {third.signer}
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "default.old-1.pem",
        "default.old-2.pem",
        "default.pem",
        "default.pub",
    ]
    assert keys.load(tmp_path / "default.old-1.pem").signer == first.signer
    assert keys.load(tmp_path / "default.old-2.pem").signer == second.signer


def test_printing_a_key_shows_its_public_half_alone():
    key = keys.new_key()
    assert repr(key) == f"Key({key.signer.fingerprint})"
    assert key.signer.fingerprint.startswith("SHA256:")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ed25519:",
        "ed25519:AAAA",
        "ed25519:" + "A" * 42 + "B=",
        "keyless:",
        "keyless:a|b",
        "keyless:||",
        "rsa:AAAA",
    ],
)
def test_what_is_no_signer_is_refused(text):
    with pytest.raises(ConfigError, match="is no signer"):
        parse_signer(text)


def test_a_folder_with_a_link_is_not_read(tmp_path):
    (tmp_path / "tool.py").write_text("x = 1\n")
    assert read_folder(tmp_path) == {"tool.py": b"x = 1\n"}
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    with pytest.raises(NotAllowed, match=r"link\.py is no plain file"):
        read_folder(tmp_path)
