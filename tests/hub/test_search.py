from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from toolreg.effects import Effect
from toolreg.errors import BadSignature, UsageError
from toolreg.hub.client import Hub
from toolreg.hub.index import Index
from toolreg.hub.listing import Listing, Query
from toolreg.hub.metadata import Metadata, read_metadata
from toolreg.hub.publish import publish
from toolreg.hub.search import search
from toolreg.hub.update import Pace, Updated, update

CARD = "---\ntitle: t\nsdk: static\ntags: [{tags}]\n---\n"


def tool(name: str, summary: str, effects: str, output: str = "str") -> bytes:
    return f'''from smolagents import tool


@tool
def {name}(query: str) -> {output}:
    """{summary}

    Side effects:
        {effects}

    Args:
        query: What to look for.
    """
    return query
'''.encode()


def manifest(code: bytes, name: str, summary: str, effects: list[str], verdict: str = "APPROVED") -> bytes:
    definition = {"name": name, "description": summary, "inputs": {}, "outputType": "string"}
    predicate = {
        "tool": {"repository": f"local/{name}", "version": "1.2.3"},
        "definition": definition,
        "effects": {"declared": effects},
        "checks": {"verdict": verdict},
    }
    subject = [{"name": "tool.py", "digest": {"sha256": sha256(code).hexdigest()}}]
    return json.dumps({"subject": subject, "predicate": predicate}).encode()


def put(hub: Hub, name: str, code: bytes, tags: str = "smolagents, tool", **more: bytes) -> None:
    files = {"tool.py": code, "README.md": CARD.format(tags=tags).encode()}
    files |= {key.replace("_", "."): data for key, data in more.items()}
    publish(files, f"local/{name}", hub)


@pytest.fixture
def stocked(hub: Hub) -> Hub:
    put(hub, "weather", tool("weather", "Forecast the weather of a city.", "net: api.open-meteo.com"))
    put(hub, "notes", tool("notes", "Keep notes about the weather.", "write: notes/*.md", "dict"))
    code = tool("adder", "Add numbers.", "none")
    signed = {"toolreg_json": manifest(code, "adder", "Add numbers.", [])}
    publish(
        {"tool.py": code, "README.md": CARD.format(tags="smolagents, tool").encode(), "toolreg.json": signed["toolreg_json"], "toolreg.json.sigstore": b"{}"},
        "local/adder",
        hub,
    )  # fmt: skip
    put(
        hub, "course", tool("course", "Weather of the course.", "none"), tags="smolagents, tool, agent-course"
    )
    put(hub, "broken", b"def (:")
    put(hub, "untagged", tool("untagged", "No tag.", "none"), tags="other")
    return hub


def names(rows: list[Listing]) -> list[str]:
    return [row.repo_id.removeprefix("local/") for row in rows]


def test_tools_are_found_by_their_words_best_first(stocked: Hub) -> None:
    assert names(search(stocked, Query("weather"))) == ["weather", "notes"]
    assert names(search(stocked, Query("weather city"))) == ["weather"]
    assert names(search(stocked, Query("snow"))) == []


def test_course_copies_and_spaces_without_the_tags_are_no_tools(stocked: Hub) -> None:
    assert set(names(search(stocked, Query()))) == {"weather", "notes", "adder", "broken"}


def test_a_tool_that_cannot_be_read_is_listed_with_its_problem(stocked: Hub) -> None:
    (row,) = search(stocked, Query("broken"))
    assert (row.effects, row.problem.startswith("does not parse")) == (None, True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(effects=("net",)), ["weather"]),
        (Query(effects=("net:api.open-meteo.com",)), ["weather"]),
        (Query(effects=("net:*.open-meteo.com",)), ["weather"]),
        (Query(effects=("net:example.com",)), []),
        (Query(without=("net",)), ["adder", "notes"]),
        (Query(without=("net", "write")), ["adder"]),
        (Query(host="api.open-meteo.com"), ["weather"]),
        (Query(output_type="object"), ["notes"]),
        (Query(verdict="claimed"), ["adder"]),
        (Query(verdict="verified"), []),
    ],
)
def test_filters_say_what_a_tool_must_and_must_not_do(
    stocked: Hub, query: Query, found: list[str], tmp_path: Path
) -> None:
    assert names(search(stocked, query)) == found
    with Index(tmp_path / "index.sqlite") as index:
        update(index, stocked)
        assert sorted(names(index.search(stocked.endpoint, query))) == found


def test_a_question_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(UsageError):
        Query(effects=("fly: moon",))
    with pytest.raises(UsageError):
        Query(limit=0)
    with pytest.raises(UsageError):
        Query(verdict="perhaps")


def test_a_signature_counts_only_where_this_reader_verified_it(stocked: Hub) -> None:
    def yes(_: str, files: Mapping[str, bytes]) -> str:
        assert "tool.py" in files
        return "ed25519:abc"

    def no(_: str, __: Mapping[str, bytes]) -> str:
        raise BadSignature("the signature is not of these bytes")

    (row,) = search(stocked, Query(verdict="verified"), verify=yes)
    assert (row.name, row.signer, row.version) == ("adder", "ed25519:abc", "1.2.3")
    assert names(search(stocked, Query(signer="abc"), verify=yes)) == ["adder"]
    (row,) = search(stocked, Query(verdict="refused"), verify=no)
    assert row.problem == "the signature is not of these bytes"


def test_every_rank_is_explained(stocked: Hub) -> None:
    first, second = search(stocked, Query("weather"))
    assert first.why == ("'weather' in its name +8",)
    assert second.why == ("'weather' in its description +3",)


def test_a_manifest_that_speaks_of_other_code_is_not_believed() -> None:
    code = tool("real", "The real one.", "net: evil.example")
    found = read_metadata({"tool.py": code, "toolreg.json": manifest(b"other", "nice", "Nice.", [])})
    assert (found.name, found.claims, found.effects) == ("real", "", (Effect("net", "evil.example"),))
    assert found.problem == "its code is not the code its manifest speaks of"


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"subject":[{}]}', b"null"])
def test_a_manifest_that_is_none_is_a_problem_not_a_crash(data: bytes) -> None:
    found = read_metadata({"tool.py": tool("real", "Real.", "none"), "toolreg.json": data})
    assert (found.name, found.claims) == ("real", "")
    assert found.problem


class TestIndex:
    def test_it_reads_everything_once_and_then_what_changed(self, stocked: Hub, tmp_path: Path) -> None:
        with Index(tmp_path / "index.sqlite") as index:
            first = update(index, stocked)
            assert (first.read, first.unchanged, first.whole, index.count(stocked.endpoint)) == (
                4,
                0,
                True,
                4,
            )
            second = update(index, stocked)
            assert (second.read, second.whole) == (0, False)
            assert second.requests == 1
            publish({"tool.py": tool("weather", "Rain only.", "none"), "README.md": CARD.format(tags="smolagents, tool").encode()}, "local/weather", stocked)  # fmt: skip
            third = update(index, stocked)
            assert third.read == 1
            assert names(index.search(stocked.endpoint, Query("rain"))) == ["weather"]

    def test_what_vanished_is_dropped_by_a_whole_pass(self, stocked: Hub, tmp_path: Path, root: Path) -> None:
        from toolreg.hub.server.store import Store

        with Index(tmp_path / "index.sqlite") as index:
            update(index, stocked)
            Store(root).delete("local/notes")
            assert update(index, stocked).gone == 0
            done = update(index, stocked, whole=True)
            assert (done.gone, done.unchanged) == (1, 3)
            assert "notes" not in names(index.search(stocked.endpoint, Query()))

    def test_an_interrupted_update_goes_on_where_it_was(
        self, stocked: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from toolreg.hub import update as module

        monkeypatch.setattr(module, "BATCH", 2)

        def stop(*_: int) -> None:
            raise KeyboardInterrupt

        with Index(tmp_path / "index.sqlite") as index:
            with pytest.raises(KeyboardInterrupt):
                update(index, stocked, progress=stop)
            had = index.count(stocked.endpoint)
            assert 0 < had < 4
            done = update(index, stocked)
            assert (done.read, done.unchanged) == (4 - had, had)

    def test_beginnings_parts_and_typing_errors_are_found(self, stocked: Hub, tmp_path: Path) -> None:
        with Index(tmp_path / "index.sqlite") as index:
            update(index, stocked)

            def look(text: str) -> list[str]:
                return names(index.search(stocked.endpoint, Query(text)))

            assert look("weath") == ["weather", "notes"]
            assert look("eathe") == ["weather"]
            assert look("wether")[0] == "weather"
            assert look("forecasting") == ["weather"]
            assert look('"; DROP TABLE listings --') == []
            assert look("NEAR(a b) OR *") == []
            assert look("zzz") == []

    def test_a_verified_tool_stands_before_a_copy_of_it(self, tmp_path: Path) -> None:
        rows = [
            Listing("local/copy", "1", "weather", "The weather.", effects=()),
            Listing("local/true", "1", "weather", "The weather.", effects=(), verdict="verified", signer="x"),
            Listing(
                "local/bad", "1", "weather", "The weather.", effects=(), verdict="refused", problem="forged"
            ),
        ]
        with Index(tmp_path / "index.sqlite") as index:
            index.put("hub", rows)
            found = index.search("hub", Query("weather"))
        assert names(found) == ["true", "copy", "bad"]
        assert "verified +2.00" in found[0].why

    def test_endpoints_do_not_mix(self, tmp_path: Path) -> None:
        with Index(tmp_path / "index.sqlite") as index:
            index.put("one", [Listing("a/b", "1", "weather", "")])
            index.put("two", [Listing("a/b", "2", "weather", "")])
            assert [r.commit for r in index.search("one", Query("weather"))] == ["1"]

    @pytest.mark.parametrize("data", [b"nonsense" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
    def test_a_broken_file_is_built_anew(self, tmp_path: Path, data: bytes) -> None:
        (tmp_path / "index.sqlite").write_bytes(data)
        with Index(tmp_path / "index.sqlite") as index:
            index.put("hub", [Listing("a/b", "1", "weather", "")])
        with Index(tmp_path / "index.sqlite") as index:
            assert index.count("hub") == 1


def test_the_pace_is_kept_by_all_threads_together() -> None:
    now, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(60, sleep, lambda: now[0])
    for _ in range(5):
        pace.wait(2)
    assert sum(slept) == pytest.approx(8.0)
    Pace(0, sleep, lambda: now[0]).wait(1000)
    assert len(slept) == 4


def test_an_update_is_a_value() -> None:
    assert Updated(1, 0, 2, 3, 4, False).unchanged == 2


def test_a_hub_that_lists_what_is_no_name_or_lies_is_told_of_not_believed(hub: Hub) -> None:
    from toolreg.hub.model import Space
    from toolreg.hub.search import read_all

    odd = ["a/b/c", "../../x", "a", "", "a/b\nc", "x" * 200 + "/y"]
    spaces = [Space(name, "0" * 40, ("tool.py",), ("tool",), 0, "", {}) for name in odd]
    rows = list(read_all(hub, spaces))
    assert [row.repo_id for row in rows] == odd
    assert all(row.problem and row.effects is None for row in rows)


@pytest.mark.parametrize(
    "row",
    [
        {"line": float("inf")},
        {"line": "3"},
        {"until": "tomorrow"},
        {"until": 7},
        {"reason": None, "line": None},
        "not a row",
    ],
)
def test_a_waiver_that_is_none_makes_the_manifest_unreadable(files: dict[str, bytes], row: object) -> None:
    good = {"code": "TRG501", "path": "tool.py", "line": 3, "reason": "idle", "until": "2999-03-31"}
    digest = {"sha256": sha256(files["tool.py"]).hexdigest()}

    def read(suppression: object) -> Metadata:
        said = {
            "tool": {"version": "1.0.0"},
            "definition": {"name": "w", "description": "d", "inputs": {}, "outputType": "string"},
            "effects": {"declared": []},
            "checks": {"verdict": "APPROVED", "suppressions": [suppression]},
        }
        statement = {"subject": [{"name": "tool.py", "digest": digest}], "predicate": said}
        return read_metadata({**files, "toolreg.json": json.dumps(statement).encode()})

    (waiver,) = read(good).waived
    assert (waiver["what"], waiver["reason"], waiver["until"]) == ("TRG501", "idle", "2999-03-31")
    broken = read({**good, **row} if isinstance(row, dict) else row)
    assert (broken.waived, broken.problem) == ((), "its manifest cannot be read")


def test_waivers_come_back_from_the_index(tmp_path: Path) -> None:
    waiver = {"what": "TRG501", "line": 3, "reason": "idle", "author": "", "until": None}
    row = Listing("a/b", "1", "weather", "The weather.", effects=(), waived=(waiver,))
    with Index(tmp_path / "index.sqlite") as index:
        index.put("hub", [row])
        (found,) = index.search("hub", Query(text="weather"))
    assert found.waived == (waiver,)
