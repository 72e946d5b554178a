from __future__ import annotations

import pytest

from toolreg.errors import DigestMismatch, SourceError, VerificationError
from toolreg.load import Store

DATA = b"return len(text.split())\n"


def test_what_was_put_is_there_under_its_digest(store):
    digest = store.put(DATA)
    assert store.get(digest) == DATA
    assert store.get("0" * 64) is None
    assert store.path(digest).stat().st_mode & 0o777 == 0o444


def test_a_publication_is_there_whole_or_not(store):
    digests = store.put_files({"a": b"1", "b": b"2"})
    assert store.get_files(digests) == {"a": b"1", "b": b"2"}
    assert store.get_files({**digests, "c": "0" * 64}) is None


@pytest.mark.parametrize("other", [b"", DATA + b" ", DATA[:-1], bytes([DATA[0] ^ 1]) + DATA[1:]])
def test_changed_bytes_are_refused_and_put_mends_them(store, other):
    digest = store.put(DATA)
    store.path(digest).chmod(0o644)
    store.path(digest).write_bytes(other)
    with pytest.raises(DigestMismatch, match="a file in the store was changed"):
        store.get(digest)
    store.put(DATA)
    assert store.get(digest) == DATA


def test_a_link_or_a_folder_in_the_store_is_refused_even_to_the_right_bytes(store, tmp_path):
    digest = store.put(DATA)
    (tmp_path / "elsewhere").write_bytes(DATA)
    store.path(digest).unlink()
    store.path(digest).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(VerificationError):
        store.get(digest)
    store.path(digest).unlink()
    store.path(digest).mkdir()
    with pytest.raises(VerificationError):
        store.get(digest)


def test_a_pipe_in_the_store_is_refused_and_not_waited_for(store):
    import os

    digest = store.put(DATA)
    store.path(digest).unlink()
    os.mkfifo(store.path(digest))
    with pytest.raises(VerificationError):
        store.get(digest)


def test_a_store_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "store").write_text("a file where the folder should be")
    with pytest.raises(SourceError, match="cannot write the store"):
        Store(tmp_path / "store").put(DATA)
