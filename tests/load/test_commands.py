"""The reader's commands against the embedded Hub, in an empty home."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from toolreg import load_tools
from toolreg.cli import add, diff, key, search, show, update, verify
from toolreg.errors import (
    GOOD,
    NOT_JUDGED,
    REFUSED,
    ConfigError,
    NotAllowed,
    NotFound,
    SigningError,
    UsageError,
    WrongSigner,
)
from toolreg.hub.publish import publish
from toolreg.hub.targets import opened
from toolreg.load.approval import approve, save
from toolreg.load.known import KnownSigners, default_path
from toolreg.manifest import Anyone, examine, open_or_create
from toolreg.manifest.keys import new_key, own_signers
from toolreg.manifest.model import Suppression, Unresolved

WORDS = "local/word-count"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home and an empty project; nobody sits at a terminal."""
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text("[tool.toolreg.trust]\nmax-age = 36500\n")
    monkeypatch.chdir(project)
    return project


@pytest.fixture
def shop(home, shelf):  # noqa: ARG001
    """Publishes on the embedded Hub with this user's own key, or another."""

    def put(version="1.0.0", *, signed_by=None, repository=WORDS, **changes):
        mine, _ = open_or_create()
        files = dict(shelf.publish(repository, version, key=signed_by or mine, **changes).files)
        del files[".gitattributes"]
        with opened("local") as hub:
            return publish(files, repository, hub, version)

    return put


def out(capsys):
    return capsys.readouterr().out


def test_the_whole_way_of_a_reader(shop, home, capsys):
    shop()
    assert show.show(WORDS) == GOOD
    assert "signed by yourself" in out(capsys)
    assert add.add([WORDS]) == GOOD
    assert "word-count" in out(capsys)
    assert verify.verify(offline=True) == GOOD
    assert verify.verify(refetch=True) == GOOD
    assert "1 of 1 hold." in out(capsys)
    assert update.update() == GOOD
    assert "already the newest" in out(capsys)
    shop("2.0.0", code="# slower\n", effects=("net:api.example.com",))
    assert diff.diff(WORDS) == GOOD
    assert "+ effect       net:api.example.com" in out(capsys)
    before = (home / "toolreg.lock").read_bytes()
    assert update.update() == REFUSED
    assert update.update(yes=True) == REFUSED
    assert (home / "toolreg.lock").read_bytes() == before
    assert "1 left" in out(capsys)
    assert update.update(yes=True, accept_more=True) == GOOD
    lock = json.loads((home / "toolreg.lock").read_text())
    assert [(t["version"], t["effects"]) for t in lock["tools"]] == [("2.0.0", ["net:api.example.com"])]
    assert verify.verify(offline=True) == GOOD


def test_an_update_that_may_do_no_more_is_taken_with_yes(shop, home, capsys):
    shop()
    add.add([WORDS])
    shop("1.0.1", code="# faster\n")
    assert update.update(yes=True) == GOOD
    assert "1 taken, 0 left" in out(capsys)
    assert '"1.0.1"' in (home / "toolreg.lock").read_text()


def test_a_strangers_tool_is_not_added_without_a_word(shop, home, capsys):
    stranger = new_key()
    shop(signed_by=stranger)
    assert add.add([WORDS]) == REFUSED
    seen = capsys.readouterr().err
    assert "whom you have not met" in seen
    assert not (home / "toolreg.lock").exists()
    assert show.show(WORDS) == REFUSED
    assert "you have not met this signer" in out(capsys)
    assert key.trust("local", str(stranger.signer)) == GOOD
    assert add.add([WORDS]) == GOOD


def test_a_changed_lock_store_or_hub_fails_verification(shop, home, capsys):
    shop()
    add.add([WORDS])
    lock = home / "toolreg.lock"
    good = lock.read_text()
    lock.write_text(good.replace("1.0.0", "1.0.1"))
    with pytest.raises(ConfigError, match="was changed after it was locked"):
        verify.verify()
    lock.write_text(good)
    from toolreg.load.store import Store, default_folder

    blob = Store(default_folder()).path(json.loads(good)["tools"][0]["files"]["tool.py"])
    blob.chmod(0o644)
    blob.write_text("print('other')\n")
    assert verify.verify() == REFUSED
    captured = capsys.readouterr()
    assert "DigestMismatch" in captured.out
    assert "a file in the store was changed" in captured.err


def test_many_are_added_and_one_failure_does_not_stop_the_rest(shop, home, capsys):
    shop()
    assert add.add(["local/nothing", WORDS], format="json") == NOT_JUDGED
    found = json.loads(out(capsys))
    assert [t["repository"] for t in found["added"]] == [WORDS]
    assert len(found["failed"]) == 1
    assert (home / "toolreg.lock").exists()


def test_nothing_locked_is_nothing_verified(home):  # noqa: ARG001
    with pytest.raises(UsageError, match="nothing is locked"):
        verify.verify()
    with pytest.raises(UsageError, match="nothing is locked"):
        update.update()


def test_two_versions_are_compared_by_their_tags(shop, capsys):
    shop()
    shop("1.0.1", code="# faster\n")
    assert diff.diff(f"{WORDS}@v1.0.0", f"{WORDS}@v1.0.1", format="json") == GOOD
    found = json.loads(out(capsys))
    assert [(c["what"], c["text"]) for c in found["changes"]] == [
        ("file", "tool.py"),
        ("version", "1.0.0 → 1.0.1"),
    ]
    assert "+# faster" in found["code"]


def test_a_folder_with_a_publication_is_verified_and_shown(shop, shelf, tmp_path, capsys):
    shop()
    folder = tmp_path / "copy"
    folder.mkdir()
    for name, data in shelf.revisions[WORDS, ""].files.items():
        (folder / name).write_bytes(data)
    assert verify.verify([str(folder)]) == GOOD
    assert show.show(str(folder), format="json") == GOOD
    assert json.loads(out(capsys).partition("\n")[2])["manifest"]["predicate"]["tool"]["version"] == "1.0.0"


def test_keys_are_made_shown_exported_and_rotated(home, capsys):  # noqa: ARG001
    with pytest.raises(SigningError, match="there is no signing key"):
        key.show()
    assert key.create() == GOOD
    assert key.show(format="json") == GOOD
    shown = json.loads(out(capsys).partition("\n")[2])
    assert key.export() == GOOD
    assert out(capsys).strip() == shown["signer"]
    assert key.export(private=True) == GOOD
    assert out(capsys).startswith("-----BEGIN PRIVATE KEY-----")
    assert key.rotate() == GOOD
    assert key.show(format="json") == GOOD
    assert shown["fingerprint"] in out(capsys)


def test_a_signer_is_revoked_for_every_project_and_restored(home, capsys):  # noqa: ARG001
    signer = str(new_key().signer)
    assert key.trust("Acme", signer) == GOOD
    assert key.revoke(signer) == GOOD
    assert key.known(format="json") == GOOD
    assert json.loads(capsys.readouterr().out) == {"!": [signer]}
    with pytest.raises(WrongSigner, match="is revoked"):
        key.trust("acme", signer)
    assert key.revoke(signer, undo=True) == GOOD
    with pytest.raises(NotFound, match="is not revoked"):
        key.revoke(signer, undo=True)
    assert key.trust("acme", signer) == GOOD


def test_a_passphrase_comes_from_the_environment_alone(home, monkeypatch, capsys):  # noqa: ARG001
    monkeypatch.setenv("TOOLREG_KEY_PASSPHRASE", "old")
    key.create()
    monkeypatch.setenv("TOOLREG_NEW_KEY_PASSPHRASE", "new")
    assert key.rotate() == GOOD
    assert key.show() == GOOD
    with pytest.raises(SigningError, match="passphrase is wrong"):
        key.export(private=True)
    monkeypatch.setenv("TOOLREG_KEY_PASSPHRASE", "new")
    assert key.export(private=True) == GOOD
    assert "ENCRYPTED" in out(capsys)


def test_a_reader_follows_from_the_old_key_to_the_new(home, capsys):  # noqa: ARG001
    key.create()
    old = next(iter(own_signers()))
    key.rotate()
    line = out(capsys).splitlines()[-1].partition(" NAMESPACE ")[2].strip("'")
    with pytest.raises(WrongSigner, match="is not trusted for acme"):
        key.follow("acme", line)
    key.trust("acme", str(old))
    assert key.follow("acme", line) == GOOD
    (new,) = own_signers()
    assert KnownSigners(default_path()).read() == {"acme": frozenset({old, new})}


def test_trusted_signers_are_listed_and_forgotten(home, capsys):  # noqa: ARG001
    signer = str(new_key().signer)
    key.trust("acme", signer)
    assert key.known(format="json") == GOOD
    assert json.loads(out(capsys)) == {"acme": [signer]}
    assert key.forget("acme", signer) == GOOD
    with pytest.raises(NotFound, match="is not trusted for acme"):
        key.forget("acme", signer)


def test_a_policy_in_pyproject_decides(shop, home):
    shop()
    other = new_key().signer
    (home / "pyproject.toml").write_text(f'[tool.toolreg.trust.namespaces.local]\nsigners = ["{other}"]\n')
    assert add.add([WORDS]) == REFUSED
    (home / "pyproject.toml").write_text("[tool.toolreg.trust]\nsigner = []\n")
    with pytest.raises(ConfigError, match="no key 'signer'"):
        add.add([WORDS])


def test_without_a_ci_identity_nothing_is_published_keyless(home, monkeypatch, capsys):
    from pathlib import Path

    from toolreg.cli.publish import publish as publish_command

    for name in ("GITHUB_ACTIONS", "CIRCLECI", "GITLAB_CI", "BUILDKITE"):
        monkeypatch.delenv(name, raising=False)
    tool = Path(__file__).parents[2] / "tools" / "word_count.py"
    (home / "word_count.py").write_bytes(tool.read_bytes())
    assert publish_command([str(home / "word_count.py")], keyless=True) == NOT_JUDGED
    assert "no CI identity to sign with" in out(capsys)
    with opened("local") as hub, pytest.raises(NotFound):
        hub.read(WORDS)


def test_a_key_with_a_passphrase_publishes_and_a_second_time_nothing_changed(home, monkeypatch, capsys):
    from pathlib import Path

    from toolreg.cli.publish import publish as publish_command

    monkeypatch.setenv("TOOLREG_KEY_PASSPHRASE", "open sesame")
    tool = Path(__file__).parents[2] / "tools" / "word_count.py"
    (home / "word_count.py").write_bytes(tool.read_bytes())
    assert publish_command([str(home / "word_count.py")]) == GOOD
    assert publish_command([str(home / "word_count.py")]) == GOOD
    assert "Nothing changed." in out(capsys)
    assert add.add([WORDS]) == GOOD


def test_a_key_is_protected_by_the_systems_keyring(home, capsys):  # noqa: ARG001
    keyring = pytest.importorskip("keyring")
    kept = {}

    class Memory(keyring.backend.KeyringBackend):
        priority = 1

        def get_password(self, service, username):
            return kept.get((service, username))

        def set_password(self, service, username, password):
            kept[service, username] = password

        def delete_password(self, service, username):
            del kept[service, username]

    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    try:
        assert key.create(keyring=True) == GOOD
        assert key.export(private=True) == GOOD
        assert key.rotate() == GOOD
        assert "ENCRYPTED" in out(capsys)
        kept.clear()
        with pytest.raises(SigningError, match="needs a passphrase"):
            key.export(private=True)
    finally:
        keyring.set_keyring(before)


def test_without_a_keyring_it_says_so(home):  # noqa: ARG001
    keyring = pytest.importorskip("keyring")
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    try:
        with pytest.raises(SigningError, match="keyring"):
            key.create(keyring=True)
    finally:
        keyring.set_keyring(before)
    with pytest.raises(SigningError, match="there is no signing key"):
        key.show()


def meddle(add, delete=()):
    """Somebody with the right to write commits to the Hub behind the publisher's back."""
    with opened("local") as hub:
        head = hub.read(WORDS)
        return hub.commit(WORDS, add, list(delete), message="meddle", parent=head.commit)[0]


@pytest.mark.parametrize(
    ("files", "gone", "says"),
    [
        ({"app.py": b"import os\n"}, (), "app.py was never approved"),
        ({"tool.py": b"import os\n"}, (), "tool.py differs from what was approved"),
        ({"toolreg.json": b"{}\n"}, (), "does not sign this toolreg.json"),
        ({"toolreg.json.sigstore": b"{}\n"}, (), "is no Sigstore bundle"),
        ({}, ("requirements.txt",), "requirements.txt is missing"),
        ({}, ("toolreg.json",), "there is no toolreg.json"),
        ({}, ("toolreg.json.sigstore",), "there is no toolreg.json.sigstore"),
        ({}, ("toolreg.json", "toolreg.json.sigstore"), "has no manifest, but local signs what it publishes"),
    ],
)
def test_what_somebody_commits_to_the_hub_afterwards_is_not_taken(shop, home, capsys, files, gone, says):
    shop()
    shop(repository="local/other", name="other")
    assert add.add(["local/other"]) == GOOD
    before = (home / "toolreg.lock").read_bytes()
    meddle(files, gone)
    assert add.add([WORDS]) == REFUSED
    assert says in capsys.readouterr().err
    assert (home / "toolreg.lock").read_bytes() == before
    assert add.add([f"{WORDS}@v1.0.0"]) == GOOD


def test_a_locked_tool_stays_whole_whatever_is_committed_later(shop, home, capsys):  # noqa: ARG001
    shop()
    assert add.add([WORDS]) == GOOD
    meddle({"tool.py": b"import os\n", "evil.py": b""})
    assert verify.verify(refetch=True) == GOOD
    assert update.update(yes=True, accept_more=True) == REFUSED
    assert verify.verify(offline=True) == GOOD
    assert "evil.py was never approved" in capsys.readouterr().err


def test_a_project_that_asks_for_approvals_takes_nothing_without_them(shop, home, shelf, capsys):
    shop()
    reviewer = new_key()
    policy = f'[tool.toolreg.policy]\napprovals = 1\nreviewers = ["{reviewer.signer}"]\n'
    (home / "pyproject.toml").write_text(policy)
    assert add.add([WORDS]) == REFUSED
    assert "has 0 of 1 approvals" in capsys.readouterr().err
    now = datetime.now(UTC)
    files = {n: data for n, data in shelf.revisions[WORDS, ""].files.items() if n != ".gitattributes"}
    approval = approve(
        examine(files, Anyone()), reviewer, note="read", now=now, until=now + timedelta(days=9)
    )
    save(approval, home / "toolreg-approvals")
    assert add.add([WORDS]) == GOOD
    assert verify.verify(offline=True) == GOOD
    for path in (home / "toolreg-approvals").iterdir():
        path.unlink()
    assert verify.verify(offline=True) == REFUSED
    with pytest.raises(NotAllowed, match="has 0 of 1 approvals"):
        load_tools()


def test_a_registry_and_a_store_are_told_the_computed_hints_of_one_tool_or_of_the_lock(shop, capsys):
    shop(effects=("net:api.example.com",))
    assert show.show(WORDS, server_json=True, name="io.github.me/words") == GOOD
    made = json.loads(out(capsys))
    assert (made["name"], made["version"]) == ("io.github.me/words", "1.0.0")
    add.add([WORDS])
    out(capsys)
    assert show.show(annotations=True) == GOOD
    answer = json.loads(out(capsys))["word_count"]
    assert answer["annotations"]["openWorldHint"] is True
    assert answer["justification"]["openWorldHint"].endswith("net:api.example.com.")
    with pytest.raises(UsageError, match="which tool"):
        show.show()


def test_what_an_author_waived_is_shown_by_search_show_and_add(shop, shelf, capsys):
    plain = examine(shelf.publish(WORDS).files, Anyone(), repository=WORDS).manifest.predicate
    waived = Suppression(
        code="TRG501", path="tool.py", line=3, reason="idle", author="maria", until=date(2999, 3, 31)
    )
    gap = Unresolved(path="tool.py", line=4, reason="a computed name", reason_accepted="one of two")
    shop(
        checks=plain.checks.model_copy(update={"suppressions": (waived,)}),
        effects=("net:api.example.com",),
        gaps=(gap,),
    )
    lines = [
        "waived line 3: TRG501: idle (until 2999-03-31, by maria)",
        "waived line 4: unresolved: a computed name: one of two",
    ]
    assert search.search(["words"]) == GOOD
    found = out(capsys)
    assert [line.strip() for line in found.splitlines() if "waived" in line] == lines
    assert search.search(["words"], format="json") == GOOD
    listed = json.loads(out(capsys))[0]["waived"]
    assert show.show(WORDS) == GOOD
    assert [" ".join(line.split()) for line in out(capsys).splitlines() if "waived" in line] == lines
    assert add.add([WORDS], format="json") == GOOD
    (added,) = json.loads(out(capsys))["added"]
    assert added["waived"] == listed
    assert listed[0] == {
        "what": "TRG501",
        "line": 3,
        "reason": "idle",
        "author": "maria",
        "until": "2999-03-31",
    }
    assert add.add([WORDS]) == GOOD
    assert [line.strip() for line in out(capsys).splitlines() if "waived" in line] == lines
