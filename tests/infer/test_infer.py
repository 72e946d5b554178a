from collections.abc import Callable

from toolreg.contract import parse_module, read_module
from toolreg.infer import Inference, InferOptions, calls_of, infer

Infer = Callable[..., Inference]


def test_evidence_names_file_line_and_the_calls_that_lead_to_it(inferred: Infer) -> None:
    found = inferred("""\
        import requests
        class T(Tool):
            name = "t"; description = "d"; inputs = {}; output_type = "string"
            def _fetch(self, url):
                return requests.get(url, timeout=3)
            def forward(self, url: str) -> str:
                return self._fetch(url).text
        """)
    (evidence,) = found.evidence
    assert str(evidence.effect) == "net:{url}"
    assert (evidence.path, evidence.line) == ("tool.py", 5)
    assert evidence.via == ("forward", "self._fetch", "requests.get")
    assert found.unresolved == ()


def test_what_importing_the_file_does_counts_for_each_tool(inferred: Infer) -> None:
    found = inferred("""\
        import os
        KEY = os.environ["KEY"]
        @tool
        def t(a: str) -> str:
            return a
        """)
    (evidence,) = found.evidence
    assert evidence.via == ("import", "os.environ.get")
    assert str(evidence.effect) == "env:KEY"


def test_each_tool_of_a_file_has_its_own_effects() -> None:
    module = parse_module(
        "t.py",
        b"@tool\ndef a(p: str) -> str:\n    return open(p).read()\n@tool\ndef b(p: str) -> str:\n    return p\n",
    )
    assert [len(infer(t).evidence) for t in module.tools] == [1, 0]


def test_an_unknown_package_is_unresolved_once_for_all_its_calls(inferred: Infer) -> None:
    found = inferred("""\
        import acme
        @tool
        def t(a: str) -> str:
            client = acme.Client()
            client.login()
            return client.search(a)
        """)
    assert [u.reason for u in found.unresolved] == ["effects of package `acme` are unknown"]


def test_a_client_that_is_given_from_outside_is_not_silent(inferred: Infer) -> None:
    found = inferred("""\
        class T(Tool):
            name = "t"; description = "d"; inputs = {}; output_type = "string"
            def __init__(self, client):
                self.client = client
            def forward(self) -> str:
                return self.client.send("x")
        """)
    assert [u.reason for u in found.unresolved] == [
        "what is given as `client` when the tool is made is not known"
    ]


def test_modules_beside_the_tool_are_read_too(tmp_path) -> None:
    (tmp_path / "web.py").write_text(
        "import requests\ndef fetch(u):\n    return requests.get(u, timeout=1).text\n"
    )
    path = tmp_path / "t.py"
    path.write_text(
        "from smolagents import tool\nfrom web import fetch\n@tool\ndef t(url: str) -> str:\n    return fetch(url)\n"
    )
    (evidence,) = infer(read_module(str(path)).tools[0]).evidence
    assert evidence.path == str(tmp_path / "web.py")
    assert evidence.via == ("t", "fetch", "requests.get")


def test_relative_imports_inside_a_package_are_followed(tmp_path) -> None:
    package = tmp_path / "pack"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "base.py").write_text("ROOT = 'https://api.example.com'\n")
    path = package / "tools.py"
    path.write_text(
        "import httpx\nfrom .base import ROOT\n@tool\ndef t(q: str) -> str:\n    return httpx.get(ROOT + '/' + q).text\n"
    )
    assert [str(e) for e in infer(read_module(str(path)).tools[0]).effects] == ["net:api.example.com"]


def test_first_party_modules_can_be_left_out(tmp_path) -> None:
    (tmp_path / "web.py").write_text("def fetch(u):\n    return u\n")
    path = tmp_path / "t.py"
    path.write_text("from web import fetch\n@tool\ndef t(url: str) -> str:\n    return fetch(url)\n")
    found = infer(read_module(str(path)).tools[0], options=InferOptions(first_party=False))
    assert [u.reason for u in found.unresolved] == ["effects of package `web` are unknown"]


def test_modules_that_import_each_other_end(tmp_path) -> None:
    (tmp_path / "a.py").write_text("import b\ndef f(x):\n    return b.g(x)\n")
    (tmp_path / "b.py").write_text("import a\ndef g(x):\n    return a.f(x) or open(x)\n")
    path = tmp_path / "t.py"
    path.write_text("from a import f\n@tool\ndef t(p: str) -> str:\n    return f(p)\n")
    assert [str(e) for e in infer(read_module(str(path)).tools[0]).effects] == ["read:{p}"]


def test_calls_are_resolved_through_aliases_clients_and_partials() -> None:
    module = parse_module(
        "t.py",
        b"""\
import functools, requests as rq
get = functools.partial(rq.get, timeout=5)
@tool
def t(url: str) -> str:
    s = rq.Session()
    return s.post(url).text + get(url).text
""",
    )
    calls = {c.name: c for c in calls_of(module.tools[0])}
    assert calls["requests.Session.post"].constructor is calls["requests.Session"].node
    assert calls["requests.Session.post"].keywords == ()
    assert calls["requests.get"].keywords == ("timeout",)


def test_known_options_count_as_keywords_and_unknown_ones_are_said() -> None:
    module = parse_module(
        "t.py",
        b"""\
import requests
OPTIONS = {"timeout": 3}
@tool
def t(url: str, more: dict) -> str:
    return requests.get(url, **OPTIONS).text + requests.head(url, **more).text
""",
    )
    calls = {c.name: c for c in calls_of(module.tools[0])}
    assert calls["requests.get"].keywords == ("timeout",)
    assert not calls["requests.get"].open_ended
    assert calls["requests.head"].open_ended


def test_a_tool_of_a_pipeline_fetches_its_model(inferred: Infer) -> None:
    found = inferred("""\
        from smolagents.tools import PipelineTool
        class T(PipelineTool):
            name = "t"; description = "d"; inputs = {}; output_type = "string"
            def forward(self, text: str) -> str:
                return self.model.generate(text)
        """)
    assert "net:huggingface.co" in [str(e) for e in found.effects]


def test_a_fallback_that_is_always_there_leaves_nothing_open(inferred: Infer) -> None:
    found = inferred("""\
        import requests
        class T(Tool):
            name = "t"; description = "d"; inputs = {}; output_type = "string"
            def __init__(self, endpoint: str = ""):
                super().__init__()
                self.endpoint = endpoint or "https://api.example.com"
            def forward(self) -> str:
                return requests.get(self.endpoint, timeout=3).text
        """)
    assert [str(e) for e in found.effects] == ["net:api.example.com"]
    assert found.unresolved == ()
