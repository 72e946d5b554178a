"""The record: whole, chained, redacted, readable."""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smolagents import CodeAgent

from toolreg.agent import TraceWriter, read_trace, run_agent
from toolreg.agent.budget import Budget
from toolreg.agent.scripted import code
from toolreg.agent.secrets import Redactor, literal_secrets, secret_values
from toolreg.agent.trace import Trace, find_run, list_runs, new_run
from toolreg.agent.trace.export import export
from toolreg.agent.trace.html import to_html
from toolreg.agent.trace.story import steps_of, tell
from toolreg.errors import ConfigError, NotFound, UsageError

SECRET = "correct-horse-battery"


@pytest.fixture
def trace(code_agent: Callable[..., CodeAgent], tmp_path: Path) -> Trace:
    """A run with everything in it: calls, an error, a kill, garbage, and an answer."""
    agent = code_agent(
        code("print('sum', add(1, 2))", thought="I add <script>alert(1)</script>."),
        code("import os"),
        code("fail('no luck')"),
        code("print('before')", "while True: pass"),
        "no code at all",
        code("final_answer({'sum': 3})"),
    )
    folder = new_run(tmp_path / "runs")
    run_agent(agent, "Add <b>1</b> and 2", budget=Budget(step_timeout=0.5), trace=TraceWriter(folder))
    return read_trace(folder)


def test_a_run_is_told_step_by_step(trace: Trace) -> None:
    told = [f"{style}: {line}" for style, line in tell(trace)]
    for line in (
        "title: " + trace.id + "  success",
        "said:   Thought: I add <script>alert(1)</script>.",
        "code:   print('sum', add(1, 2))",
        "call:   → add(a=1, b=2)",
        "dim:     3",
        "out:   sum 3",
        "call:   → fail(text='no luck')",
        "error:     ValueError: no luck",
        "out:   before",
        "answer: {'sum': 3}",
    ):
        assert line in told
    assert any(line.startswith("error:   killed: ") for line in told)


def test_one_step_can_be_told_alone(trace: Trace) -> None:
    told = "\n".join(line for _, line in tell(trace, only=1))
    assert "step 1" in told
    assert "step 2" not in told


def test_messages_are_kept_as_what_is_new(trace: Trace) -> None:
    news = [e["messages"] for e in trace.of("model")]
    assert [m["role"] for m in news[0]] == ["system", "user"]
    assert all(m["role"] != "system" for later in news[1:] for m in later)


def test_code_stands_before_what_came_of_it(trace: Trace) -> None:
    kinds = [e["type"] for e in trace.events if e.get("step") == 1]
    assert kinds == ["model", "code", "call", "result", "output", "step"]


def test_a_changed_event_is_noticed(trace: Trace) -> None:
    path = trace.folder / "events.jsonl"
    path.write_text(path.read_text().replace('"sum 3', '"sum 4', 1))
    assert "was changed" in read_trace(trace.folder).problem


def test_a_dropped_event_is_noticed(trace: Trace) -> None:
    path = trace.folder / "events.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:3] + lines[4:]))
    again = read_trace(trace.folder)
    assert (again.problem, len(again.events)) == ("event 3 is missing", 3)


def test_a_run_that_was_killed_is_whole_up_to_its_last_event(trace: Trace) -> None:
    path = trace.folder / "events.jsonl"
    path.write_bytes(path.read_bytes()[:-30])
    again = read_trace(trace.folder)
    assert (again.state, again.problem) == ("cut off", "the last event is incomplete")
    assert len(again.events) == len(trace.events) - 1
    assert "It was killed" not in to_html(again)
    assert "it was killed, or it still runs" in to_html(again)


@pytest.mark.parametrize("garbage", ["7", "null", "[]", "{", '"x"', "[" * 100_000])
def test_garbage_in_a_trace_is_no_traceback(tmp_path: Path, garbage: str) -> None:
    (tmp_path / "events.jsonl").write_text(garbage + "\n")
    trace = read_trace(tmp_path)
    assert trace.problem == "event 0 is no JSON object"
    list(tell(trace))
    to_html(trace)
    assert export(trace, "otel")


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                ["type", "step", "id", "time", "seconds", "code", "tool", "arguments", "effects", "tools", "output",
                 "error", "answer", "state", "messages", "tool_calls", "files", "logs", "value", "agent", "task"]
            ),
            st.one_of(
                st.sampled_from(["start", "model", "code", "call", "result", "output", "killed", "files", "end"]),
                st.none(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5),
                st.lists(st.dictionaries(st.text(max_size=3), st.integers(), max_size=2), max_size=2),
                st.fixed_dictionaries({"blob": st.text(max_size=5)}),
            ),
        ),
        max_size=6,
    )
)  # fmt: skip
def test_a_trace_of_a_stranger_is_shown_without_a_traceback(events: list[dict[str, object]]) -> None:
    import tempfile

    from toolreg.agent.trace.chain import GENESIS, canonical, link

    with tempfile.TemporaryDirectory() as folder:
        previous, lines = GENESIS, []
        for number, event in enumerate(events):
            linked = link(event, number, previous)
            previous = linked["hash"]
            lines.append(canonical(linked) + b"\n")
        Path(folder, "events.jsonl").write_bytes(b"".join(lines))
        trace = read_trace(Path(folder))
        list(tell(trace))
        to_html(trace)
        for form in ("sts", "otel", "json"):
            export(trace, form)


def test_secrets_are_redacted_in_every_usual_form(tmp_path: Path) -> None:
    env = {"MAIL_TOKEN": SECRET, "PATH": "/usr/bin", "OTHER": "harmless-value", "SHORT_KEY": "abc"}
    writer = TraceWriter(tmp_path, Redactor(secret_values(env, ["OTHER"])))
    import base64

    writer.write(
        "note", text=f"x{SECRET}y", b=base64.b64encode(SECRET.encode()).decode(), h=SECRET.encode().hex()
    )
    writer.write("note", deep=[{SECRET: ["harmless-value", "hf_" + "x" * 34, "abc"]}])
    writer.close()
    text = (tmp_path / "events.jsonl").read_text()
    assert SECRET not in text
    assert "x[redacted MAIL_TOKEN]y" in text
    assert '["[redacted OTHER]","[redacted key]","abc"]' in text


def test_long_texts_are_set_aside_whole(tmp_path: Path) -> None:
    writer = TraceWriter(tmp_path)
    long = "line\n" * 50_000
    writer.write("output", logs=long, step=1)
    writer.write("output", logs=long, step=2)
    writer.close()
    trace = read_trace(tmp_path)
    assert (tmp_path / "events.jsonl").stat().st_size < 10_000
    assert len(list((tmp_path / "blobs").iterdir())) == 1
    assert steps_of(trace)[0].logs == long


def test_odd_values_become_text(tmp_path: Path) -> None:
    writer = TraceWriter(tmp_path)
    loop: list[object] = []
    loop.append(loop)
    writer.write("note", values=[float("nan"), 2**100, b"bytes", {1}, object, "\ud800", loop])
    writer.close()
    writer.write("note", late=True)
    trace = read_trace(tmp_path)
    assert not trace.problem
    assert len(trace.events) == 1


def test_nothing_runs_unrecorded(code_agent: Callable[..., CodeAgent], tmp_path: Path) -> None:
    import os

    writer = TraceWriter(tmp_path / "run") if (tmp_path / "run").mkdir() is None else None
    assert writer is not None
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, writer._fd or -1)
    os.close(full)
    agent = code_agent(code("open('ran.txt', 'w').write('x')"))
    with pytest.raises(ConfigError, match="the record cannot be written"):
        run_agent(agent, "x", trace=writer)
    assert agent.model.seen == []
    writer.close()


def test_a_run_is_found_by_the_beginning_of_its_name(tmp_path: Path) -> None:
    folders = [new_run(tmp_path) for _ in range(2)]
    for folder in folders:
        TraceWriter(folder).close()
    assert list_runs(tmp_path) == sorted(folders)
    assert find_run(tmp_path, "last") == sorted(folders)[-1]
    assert find_run(tmp_path, folders[0].name[:-1]) == folders[0]
    assert find_run(tmp_path, str(folders[0])) == folders[0]
    for name in ("2", "nope", "../x"):
        with pytest.raises(NotFound):
            find_run(tmp_path, name)


def test_the_page_runs_no_script_and_fetches_nothing(trace: Trace) -> None:
    seen: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, dict(attrs)))

    page = to_html(trace)
    Reader().feed(page)
    assert not [
        tag for tag, attributes in seen if tag == "script" or {"src", "href", "onclick"} & set(attributes)
    ]
    assert "default-src 'none'" in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_lists_the_files_to_review(code_agent: Callable[..., CodeAgent], tmp_path: Path) -> None:
    agent = code_agent(code("open('<report>.md', 'w').write('done')", "final_answer(1)"))
    run_agent(agent, "x", trace=TraceWriter(tmp_path))
    page = to_html(read_trace(tmp_path))
    assert "<td><code>&lt;report&gt;.md</code></td><td>4</td>" in page
    assert "<dd>12 steps · 600 s · 30 s a step</dd>" in page


def test_the_session_format_of_the_hub(trace: Trace) -> None:
    lines = [json.loads(line) for line in export(trace, "sts").splitlines()]
    assert lines[0] == {"type": "session", "harness": "toolreg", "id": trace.id, "name": "Add <b>1</b> and 2"}
    assert all(line["type"] == "message" for line in lines[1:])
    first = lines[2]["message"]
    assert [c["function"]["name"] for c in first["toolCalls"]] == ["python_interpreter", "add"]
    assert json.loads(first["toolCalls"][1]["function"]["arguments"]) == {"a": 1, "b": 2}
    asked = {c["id"] for line in lines[1:] for c in line["message"].get("toolCalls", ())}
    answered = {line["message"]["toolCallId"] for line in lines[1:] if line["message"]["role"] == "tool"}
    assert asked == answered


def test_spans_of_tools_and_code_for_opentelemetry(trace: Trace) -> None:
    spans = json.loads(export(trace, "otel"))["resourceSpans"][0]["scopeSpans"][0]["spans"]
    ids = {span["spanId"] for span in spans}
    assert len(ids) == len(spans)
    assert all(span["parentSpanId"] in ids | {""} for span in spans)
    kinds = [
        next(a["value"]["stringValue"] for a in span["attributes"] if a["key"] == "openinference.span.kind")
        for span in spans
    ]
    assert {k: kinds.count(k) for k in set(kinds)} == {"AGENT": 1, "CHAIN": 6, "LLM": 6, "TOOL": 2}


def test_the_json_export_holds_every_event(trace: Trace) -> None:
    document = json.loads(export(trace, "json"))
    assert (document["state"], document["problem"]) == ("success", None)
    assert document["events"] == list(trace.events)


def test_an_unknown_format_names_the_known_ones(trace: Trace) -> None:
    with pytest.raises(UsageError) as caught:
        export(trace, "pdf")
    assert caught.value.hint == "one of: sts, otel, json"


def test_keys_in_code_are_found() -> None:
    source = 'a = Model(api_key="x")\nb = Model(api_key=os.environ["K"])\nc = "' + "hf_" + "A" * 34 + '"\n'
    assert list(literal_secrets(source)) == [
        (1, "a literal api_key"),
        (3, "text of the shape of a key"),
    ]
