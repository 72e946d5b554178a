"""The vocabulary and the one comparison."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolreg.effects import (
    KINDS,
    MOST_BOUND,
    Effect,
    EffectSyntaxError,
    host_of,
    literal,
    parse_effects,
    uncovered,
)
from toolreg.effects import hints as hints_of


def effect(text: str) -> Effect:
    return Effect.parse(text)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("net: API.Example.com", "net:api.example.com"),
        ("net: *.example.com:8443", "net:*.example.com:8443"),
        ("net: {url} (writes)", "net:{url} (writes)"),
        ("NET: [::1]:80 (deletes)", "net:[::1]:80 (deletes)"),
        ("read: ./data/", "read:data"),
        ("read: {folder}/{name}.csv", "read:{folder}/{name}.csv"),
        ("write: notes/**/*.md", "write:notes/**/*.md"),
        ("env: API_KEY", "env:API_KEY"),
        ("run: git", "run:git"),
        ("listen: 8080", "listen:8080"),
        ("native: ctypes", "native:ctypes"),
        ("code: *", "code:*"),
    ],
)
def test_an_effect_is_stored_as_kind_and_target(written: str, stored: str) -> None:
    assert str(effect(written)) == stored
    assert effect(stored) == effect(written)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("fetch: x", "unknown effect kind 'fetch'"),
        ("just words", "is no effect"),
        ("net:", "names no target"),
        ("net: https://a.example/b", "a host, not a URL"),
        ("read: ../secret", "climb"),
        ("read: a (writes)", "takes no qualifier"),
        ("net: a.example (reads)", "unknown qualifier"),
        ("env: A-B", "not a variable's name"),
        ("run: git log", "one program"),
        ("listen: http", "not a port"),
        ("code: exec", "only the target *"),
    ],
)
def test_what_is_no_effect_is_refused_with_a_hint(written: str, says: str) -> None:
    with pytest.raises(EffectSyntaxError) as caught:
        effect(written)
    assert says in str(caught.value)
    assert caught.value.hint


def test_none_alone_declares_a_pure_tool() -> None:
    assert parse_effects(["none"]) == parse_effects(["None."]) == ()
    with pytest.raises(EffectSyntaxError, match="beside effects"):
        parse_effects(["none", "net: a.example"])
    with pytest.raises(EffectSyntaxError, match="no effect named"):
        parse_effects([" "])


COVERED = [
    ("net: *", "net: a.example:9999", True),
    ("net: a.example", "net: a.example:443", True),
    ("net: a.example", "net: a.example:8080", False),
    ("net: a.example:8080", "net: a.example", False),
    ("net: *.example.com", "net: a.b.example.com", True),
    ("net: *.example.com", "net: example.com", False),
    ("net: *.example.com", "net: evilexample.com", False),
    ("net: {url}", "net: {url}", True),
    ("net: {url}", "net: a.example", False),
    ("net: a.example", "net: a.example (writes)", False),
    ("net: a.example (deletes)", "net: a.example (writes)", True),
    ("read: data", "read: data/a.csv", True),
    ("read: data", "read: database", False),
    ("read: data/*", "read: data/x/y", False),
    ("read: data/**", "read: data/x/y", True),
    ("read: .", "read: a/b", True),
    ("read: .", "read: /etc/passwd", False),
    ("read: *", "read: /etc/passwd", True),
    ("read: {folder}", "read: {folder}/{name}", True),
    ("read: {folder}", "read: {folder}/**", True),
    ("read: {folder}", "read: {folders}", False),
    ("read: data", "read: data/{name}", True),
    ("read: .", "read: {path}", False),
    ("read: data", "read: {path}", False),
    ("read: x", "write: x", False),
    ("run: git", "run: /usr/bin/git", True),
    ("run: git", "run: /tmp/git", False),
    ("env: AWS_*", "env: AWS_KEY", True),
]


@pytest.mark.parametrize(("mine", "other", "expected"), COVERED)
def test_covers_grants_what_was_said_and_no_more(mine: str, other: str, expected: bool) -> None:
    assert effect(mine).covers(effect(other)) is expected


def test_uncovered_is_sorted_and_names_each_once() -> None:
    done = [effect("read: b"), effect("net: x.example"), effect("read: b"), effect("read: a")]
    assert uncovered(done, by=[effect("read: a")]) == (effect("net: x.example"), effect("read: b"))


def test_a_parameter_is_granted_per_call_and_nothing_else() -> None:
    declared = effect("net: {url}")
    assert declared.bind({"url": "https://Docs.Example.com/a?b"}) == (effect("net: docs.example.com"),)
    assert declared.bind({"url": "http://127.0.0.1:8080/"}) == (effect("net: 127.0.0.1:8080"),)
    assert declared.bind({}) == ()
    assert declared.bind({"url": None}) == ()


def test_each_item_of_a_list_is_granted() -> None:
    urls = ["https://b.example/x", "https://a.example", "https://b.example/y", "", None, ["http://c.example"]]
    assert effect("net: {urls}").bind({"urls": urls}) == (effect("net: a.example"), effect("net: b.example"))
    assert effect("read: {folder}/{names}").bind({"folder": "d", "names": ("x", "y")}) == (
        effect("read: d/x"),
        effect("read: d/y"),
    )
    assert effect("read: {paths}").bind({"paths": []}) == ()
    assert effect("read: {paths}").bind({"paths": [f"f{n}" for n in range(MOST_BOUND + 1)]}) == ()


@pytest.mark.parametrize("kind", ["run", "env", "native", "listen"])
def test_a_list_names_no_program_and_no_variable(kind: str) -> None:
    assert effect(kind + ": {words}").bind({"words": ["git", "rm"]}) == ()


@pytest.mark.parametrize(
    "argument", ["*", "*.example.com", "http://*/", "", "http://", "{url}", "http://[", "a b"]
)
def test_an_argument_cannot_widen_a_net_grant(argument: str) -> None:
    assert effect("net: {url}").bind({"url": argument}) == ()


@pytest.mark.parametrize("argument", ["*", "**", "data/*", "[a-z]", "a?b"])
def test_a_wildcard_in_an_argument_is_only_a_name(argument: str) -> None:
    (granted,) = effect("read: {path}").bind({"path": argument})
    assert literal(granted.target) == argument
    assert not granted.covers(effect("read: data/x"))
    assert not granted.covers(effect("read: axb"))


@pytest.mark.parametrize(
    ("argument", "target"),
    [("./a", "a"), ("a/../b", "b"), ("//etc/x", "/etc/x"), (".", "."), ("a//b/", "a/b")],
)
def test_a_path_is_granted_without_its_detours(argument: str, target: str) -> None:
    assert effect("read: {path}").bind({"path": argument}) == (Effect("read", target),)


def test_hints_are_computed_and_pessimistic() -> None:
    pure, reads = hints_of(()), hints_of([effect("net: a.example")])
    assert (pure.readOnlyHint, pure.destructiveHint, pure.openWorldHint) == (True, False, False)
    assert (reads.readOnlyHint, reads.openWorldHint) == (True, True)
    assert not hints_of([effect("net: a.example (writes)")]).readOnlyHint
    assert hints_of([effect("write: x")]).destructiveHint
    assert hints_of([], unresolved=True).destructiveHint


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.example:443/x", "a.example"),
        ("a.example/x", "a.example"),
        ("http://a.example:443", "a.example:443"),
        ("http://user:pw@a.example@b.example/", "b.example"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("http://a.example:99999/", None),
        ("///", None),
    ],
)
def test_the_host_of_a_url(url: str, host: str | None) -> None:
    assert host_of(url) == host


@given(st.sampled_from(KINDS), st.text(max_size=40), st.sampled_from(["", " (writes)", " (deletes)", " (x)"]))
def test_what_parses_parses_to_itself_again(kind: str, target: str, qualifier: str) -> None:
    try:
        parsed = effect(f"{kind}: {target}{qualifier}")
    except EffectSyntaxError:
        return
    assert effect(str(parsed)) == parsed
    assert parsed.covers(parsed)


@given(st.text(max_size=60))
def test_a_bound_path_covers_itself_and_never_a_parent(path: str) -> None:
    for granted in effect("read: {path}").bind({"path": path}) if "/" not in path else ():
        assert granted.covers(granted)
        assert granted == Effect("read", ".") or not granted.covers(Effect("read", "/other"))
