"""The old key's word for the new one: whole, by that key, for that key, or nothing."""

import base64

import pytest

from toolreg.errors import BadSignature, UsageError
from toolreg.manifest.keys import new_key
from toolreg.manifest.rotation import parse_rotation, vouch

OLD, NEW, OTHER = new_key(), new_key(), new_key()


def test_a_rotation_reads_back() -> None:
    said = vouch(OLD, NEW.signer)
    assert parse_rotation(str(said)) == said
    assert parse_rotation(f"  {said}\n") == said


def test_nobody_else_can_vouch() -> None:
    forged = vouch(OTHER, NEW.signer)
    with pytest.raises(BadSignature, match="did not sign"):
        parse_rotation(str(forged).replace(str(OTHER.signer), str(OLD.signer)))


def test_it_names_one_new_key_and_one_direction() -> None:
    said = str(vouch(OLD, NEW.signer))
    with pytest.raises(BadSignature):
        parse_rotation(said.replace(str(NEW.signer), str(OTHER.signer)))
    old, new, signature = said.split()
    with pytest.raises(BadSignature):
        parse_rotation(f"{new} {old} {signature}")


def test_a_signature_over_something_else_is_none() -> None:
    old, new, _ = str(vouch(OLD, NEW.signer)).split()
    for message in (f"{old}\n{new}\n", f"{old} {new}"):
        signature = base64.b64encode(OLD.private.sign(message.encode())).decode()
        with pytest.raises(BadSignature):
            parse_rotation(f"{old} {new} {signature}")


@pytest.mark.parametrize("position", range(64))
def test_no_byte_of_the_signature_can_change(position: int) -> None:
    said = vouch(OLD, NEW.signer)
    changed = bytearray(said.signature)
    changed[position] ^= 1
    with pytest.raises(BadSignature):
        parse_rotation(f"{said.old} {said.new} {base64.b64encode(bytes(changed)).decode()}")


@pytest.mark.parametrize(
    "text",
    ["", "x", "a b c", "keyless:x|y|z keyless:x|y|z AAAA", f"{OLD.signer} {NEW.signer}", f"{OLD.signer} {NEW.signer} é",
     f"{OLD.signer} {NEW.signer} AAAA more"],
)  # fmt: skip
def test_another_text_is_no_rotation(text: str) -> None:
    with pytest.raises(UsageError, match="no rotation"):
        parse_rotation(text)
