"""Files by name: what is granted is there, what is not is not, and what is written is caught first."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from toolreg.effects import Effect
from toolreg.sandbox import Change, Observation, Policy, PolicyError, Raised, Returned, hand_over

Run = Callable[..., Observation]


def policy(workspace: Path, *effects: str) -> Policy:
    return Policy(tuple(Effect.parse(effect) for effect in effects), workspace=str(workspace))


def verdicts(seen: Observation) -> dict[str, str]:
    return {str(each.effect): each.verdict for each in seen.effects}


def test_a_declared_file_is_read_and_nothing_beside_it(run: Run, workspace: Path) -> None:
    seen = run("return open('a.txt').read()", "read: a.txt", workspace=str(workspace))
    assert (seen.outcome, verdicts(seen)) == (Returned("alpha", "str"), {"read:a.txt": "done"})
    other = run("return open('private/key').read()", "read: a.txt", workspace=str(workspace))
    assert isinstance(other.outcome, Raised)
    assert verdicts(other) == {"read:private/key": "denied"}


def test_a_glob_shows_its_matches_and_listing_them_is_no_effect(run: Run, workspace: Path) -> None:
    seen = run(
        "import glob; return [open(p).read() for p in sorted(glob.glob('data/*.csv'))]",
        "read: data/*.csv",
        workspace=str(workspace),
    )
    assert seen.outcome == Returned(["1", "2"], "list")
    assert verdicts(seen) == {"read:data/one.csv": "done", "read:data/two.csv": "done"}


def test_the_whole_workspace_may_be_granted(run: Run, workspace: Path) -> None:
    seen = run(
        "return sorted(os.listdir('.')) + [open('private/key').read()]", "read: .", workspace=str(workspace)
    )
    assert seen.outcome == Returned(["a.txt", "data", "private", "secret"], "list")


def test_an_absolute_path_is_granted_at_its_own_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("in")
    (tmp_path / "other.txt").write_text("other")
    seen = run(f"return open({str(tmp_path / 'in.txt')!r}).read()", f"read: {tmp_path}/in.txt")
    assert (seen.outcome, verdicts(seen)) == (Returned("in", "str"), {f"read:{tmp_path}/in.txt": "done"})
    stolen = run(f"return open({str(tmp_path / 'other.txt')!r}).read()", f"read: {tmp_path}/in.txt")
    assert isinstance(stolen.outcome, Raised)


def test_an_absolute_write_is_caught_or_refused_before_the_call(run: Run, tmp_path: Path, tier: str) -> None:
    body = f"open({str(tmp_path / 'out.txt')!r}, 'w').write('out')"
    if tier == "B":
        with pytest.raises(PolicyError, match="cannot be caught first"):
            run(body, f"write: {tmp_path}/out.txt")
        return
    seen = run(body, f"write: {tmp_path}/out.txt")
    assert [(c.kind, c.path, c.data) for c in seen.changes] == [("created", f"{tmp_path}/out.txt", b"out")]
    assert not (tmp_path / "out.txt").exists()


def test_a_declared_file_that_is_not_there_is_an_ordinary_error(run: Run, workspace: Path) -> None:
    seen = run("return open('missing.txt').read()", "read: missing.txt", workspace=str(workspace))
    assert seen.outcome == Raised(
        "FileNotFoundError", "[Errno 2] No such file or directory: 'missing.txt'", 3
    )
    assert verdicts(seen) == {"read:missing.txt": "attempt"}


def test_writes_are_caught_and_handed_over_on_request(run: Run, workspace: Path) -> None:
    body = "os.makedirs('notes/deep', exist_ok=True); open('notes/deep/x.md', 'w').write('hi'); return os.path.exists('a.txt')"
    seen = run(body, "write: notes/deep/x.md", workspace=str(workspace))
    assert seen.outcome == Returned(False, "bool")
    assert verdicts(seen) == {"write:notes/deep/x.md": "done"}
    assert not (workspace / "notes").exists()
    done = hand_over(seen.changes, policy(workspace, "write: notes/deep/x.md"))
    assert not done.refused
    assert (workspace / "notes/deep/x.md").read_text() == "hi"


def test_a_file_may_be_appended_replaced_and_deleted(run: Run, workspace: Path) -> None:
    body = """
    open('a.txt', 'a').write('!')
    open('data/one.csv.new', 'w').write('new')
    os.replace('data/one.csv.new', 'data/one.csv')
    os.unlink('data/two.csv')
    """
    seen = run(body, "write: a.txt", "write: data", workspace=str(workspace))
    assert seen.outcome == Returned(None, "NoneType")
    assert [(c.kind, c.path) for c in seen.changes if c.kind != "folder"] == [
        ("changed", "a.txt"),
        ("changed", "data/one.csv"),
        ("deleted", "data/two.csv"),
    ]
    hand_over(seen.changes, policy(workspace, "write: a.txt", "write: data"))
    assert (workspace / "a.txt").read_text() == "alpha!"
    assert sorted(os.listdir(workspace / "data")) == ["one.csv"]


def test_what_was_written_beyond_the_promise_is_seen_and_not_handed_over(run: Run, workspace: Path) -> None:
    body = "open('data/mine.txt', 'w').write('x')\ntry: open('data/yours.txt', 'w').write('y')\nexcept OSError: pass"
    seen = run(body, "write: data/mine.txt", workspace=str(workspace))
    assert verdicts(seen) == {"write:data/mine.txt": "done", "write:data/yours.txt": "denied"}
    done = hand_over(seen.changes, policy(workspace, "write: data/mine.txt"))
    assert [c.path for c in done.applied if c.kind != "folder"] == ["data/mine.txt"]
    assert not (workspace / "data/yours.txt").exists()


def test_a_folder_removed_and_made_anew_is_told_in_full(run: Run, workspace: Path) -> None:
    body = "import shutil; shutil.rmtree('data'); os.mkdir('data'); open('data/new', 'w').write('n')"
    seen = run(body, "write: .", workspace=str(workspace))
    assert seen.outcome == Returned(None, "NoneType")
    hand_over(seen.changes, policy(workspace, "write: ."))
    assert sorted(os.listdir(workspace / "data")) == ["new"]
    assert (workspace / "private/key").read_text() == "secret"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (Change("created", "../up", 1, data=b"x"), "not a plain path"),
        (Change("created", "other", 1, data=b"x"), "not declared"),
        (Change("symlink", "out/l", data=b"/etc/passwd"), "a link that leads out of the workspace"),
        (Change("symlink", "out/l", data=b"../../x"), "a link that leads out of the workspace"),
        (Change("special", "out/fifo"), "a device, pipe or socket"),
    ],
)
def test_hand_over_refuses_what_was_not_promised(workspace: Path, change: Change, reason: str) -> None:
    assert hand_over([change], policy(workspace, "write: out")).refused == ((change, reason),)


def test_hand_over_follows_no_link_and_gives_no_set_user_bit(workspace: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (workspace / "out").symlink_to(outside)
    through = Change("created", "out/x", 1, data=b"x")
    assert len(hand_over([through], policy(workspace, "write: out")).refused) == 1
    assert not list(outside.iterdir())
    hand_over([Change("created", "suid", 1, 0o4755, b"x")], policy(workspace, "write: suid"))
    assert (workspace / "suid").stat().st_mode & 0o7777 == 0o755


def test_hand_over_replaces_a_link_instead_of_writing_through_it(workspace: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("safe")
    (workspace / "link").symlink_to(victim)
    hand_over([Change("created", "link", 1, data=b"x")], policy(workspace, "write: link"))
    assert (victim.read_text(), (workspace / "link").read_text()) == ("safe", "x")


def test_a_link_in_the_workspace_does_not_lead_out_of_it(run: Run, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("outside")
    (workspace / "link.txt").symlink_to(tmp_path / "outside.txt")
    seen = run("return open('link.txt').read()", "read: link.txt", workspace=str(workspace))
    assert isinstance(seen.outcome, Raised)


def test_a_link_may_lead_to_a_folder_that_is_shown_later_or_not_at_all(run: Run, tmp_path: Path) -> None:
    for name in ("a", "z"):
        (tmp_path / name).mkdir()
    (tmp_path / "z/real.txt").write_text("found")
    (tmp_path / "a/link.txt").symlink_to(tmp_path / "z/real.txt")
    shown = (f"read: {tmp_path}/a", f"read: {tmp_path}/a/link.txt")
    for grant in (shown, (*shown, f"read: {tmp_path}/z")):
        seen = run(f"return open('{tmp_path}/a/link.txt').read()", *grant)
        assert seen.outcome == Returned("found", "str")


def test_a_declared_program_runs_and_no_other(run: Run, workspace: Path) -> None:
    git = ["git", "-C", str(workspace), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *words], check=True)
    body = "import subprocess; return subprocess.run(['git', 'log', '--format=%s'], capture_output=True, text=True).stdout"
    seen = run(body, "run: git", "read: .", workspace=str(workspace))
    assert seen.outcome == Returned("first\n", "str")
    assert verdicts(seen)["run:git"] == "done"
    assert all(effect.startswith(("run:git", "read:.git", "read:.mailmap")) for effect in verdicts(seen))
    other = run("import subprocess; return subprocess.run(['/bin/sh', '-c', 'id']).returncode", "run: git")
    assert isinstance(other.outcome, Raised)
    assert [(each.effect.kind, each.verdict) for each in other.effects] == [("run", "denied")]


def test_without_a_declared_program_there_is_no_second_process(run: Run) -> None:
    seen = run("return os.fork()")
    assert isinstance(seen.outcome, Raised)
    assert verdicts(seen) == {"run:*": "denied"}
    assert any(each.effect.kind == "run" for each in run("return os.system('id')").effects)


def test_an_attempt_at_a_file_of_the_host_is_denied_and_seen(run: Run) -> None:
    seen = run("""
    for path in ('/etc/shadow', '/root/.ssh/id_rsa', '/proc/1/environ'):
        try: open(path).read()
        except OSError: pass
    """)
    assert verdicts(seen) == {
        "read:/etc/shadow": "denied",
        "read:/root/.ssh/id_rsa": "denied",
        "read:/proc/1/environ": "denied",
    }


def test_a_link_made_inside_does_not_hide_where_an_attempt_goes(run: Run) -> None:
    seen = run(
        "import tempfile; p = tempfile.gettempdir() + '/e'; os.symlink('/etc', p)\ntry: open(p + '/shadow').read()\nexcept OSError: pass"
    )
    assert verdicts(seen) == {"read:/etc/shadow": "denied"}


def test_the_home_folder_is_written_with_a_tilde(
    run: Run, tier: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config" / "mine").write_text("mine")
    (tmp_path / ".config" / "other").write_text("other")
    body = """
    from pathlib import Path
    text = (Path.home() / '.config/mine').read_text()
    try: (Path.home() / '.config/other').read_text()
    except OSError: pass
    return text
    """
    seen = run(body, "read: ~/.config/mine")
    assert seen.outcome == Returned("mine", "str")
    assert verdicts(seen) == {"read:~/.config/mine": "done", "read:~/.config/other": "denied"}
    if tier == "A":
        written = run("open(os.path.expanduser('~/.config/mine'), 'a').write('!')", "write: ~/.config/mine")
        assert [(c.kind, c.path) for c in written.changes] == [("changed", "~/.config/mine")]
        hand_over(written.changes, Policy((Effect.parse("write: ~/.config/mine"),)))
        assert (tmp_path / ".config" / "mine").read_text() == "mine!"


def test_the_temporary_folder_is_the_calls_own_even_where_it_is_declared(run: Run, tmp_path: Path) -> None:
    body = "import tempfile; p = tempfile.gettempdir(); open(p + '/x', 'w').write('1'); return os.path.exists(%r)"
    seen = run(body % str(tmp_path), "write: /tmp/*", "read: /tmp/**")
    assert isinstance(seen.outcome, Returned)
    assert (seen.effects, seen.changes) == ((), ())
    assert not Path("/tmp/x").exists()


def test_root_may_change_other_users_files_in_a_workspace(run: Run, workspace: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root has other users' files in its hands")
    os.chown(workspace / "a.txt", 1234, 1234)
    seen = run(
        "open('a.txt', 'a').write('!'); return open('private/key').read()",
        "write: .",
        workspace=str(workspace),
    )
    assert seen.outcome == Returned("secret", "str")
    assert [(c.kind, c.path, c.data) for c in seen.changes] == [("changed", "a.txt", b"alpha!")]
    hand_over(seen.changes, policy(workspace, "write: ."))
    assert ((workspace / "a.txt").read_text(), (workspace / "a.txt").stat().st_uid) == ("alpha!", 1234)
