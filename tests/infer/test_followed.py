"""Values that are followed through state, queues, classes and tests, down to the target."""

from collections.abc import Callable

import pytest

from toolreg.infer import Inference

Effects = Callable[[str], list[str]]
Infer = Callable[..., Inference]

FOLLOWED = {
    "a queue": (
        "import queue\nq = queue.Queue()\n",
        "q.put(url)\n    return requests.get(q.get(), timeout=1).text",
        ["net:{url}"],
    ),
    "a context variable": (
        "import contextvars\nv = contextvars.ContextVar('v')\n",
        "v.set('https://a.example')\n    return requests.get(v.get(), timeout=1).text",
        ["net:a.example"],
    ),
    "a named tuple": (
        "import collections\nR = collections.namedtuple('R', 'name url')\n",
        "return requests.get(R('a', 'https://a.example').url, timeout=1).text",
        ["net:a.example"],
    ),
    "a member of an enum": (
        "import enum\nclass E(enum.Enum):\n    A = 'https://a.example'\n    B = 'https://b.example'\n",
        "return requests.get(E[url].value, timeout=1).text",
        ["net:a.example", "net:b.example"],
    ),
    "a template": (
        "import string\nT = string.Template('https://a.example/$x')\n",
        "return requests.get(T.substitute(x=url), timeout=1).text",
        ["net:a.example"],
    ),
    "a URL put together": (
        "from urllib.parse import urlunsplit\n",
        "return requests.get(urlunsplit(('https', 'a.example', url, '', '')), timeout=1).text",
        ["net:a.example"],
    ),
    "settings inside settings": (
        "import types\nS = types.SimpleNamespace(a=types.SimpleNamespace(u='https://a.example'))\n",
        "return requests.get(S.a.u, timeout=1).text",
        ["net:a.example"],
    ),
    "one body of several": (
        "import functools\n@functools.singledispatch\ndef f(x):\n    pass\n@f.register\ndef _(x: str):\n    return open(x)\n",
        "return f(url)",
        ["read:{url}"],
    ),
    "a test that leaves two hosts": (
        "HOSTS = ('https://a.example', 'https://b.example')\n",
        "if url not in HOSTS:\n        raise ValueError\n    return requests.get(url, timeout=1).text",
        ["net:a.example", "net:b.example"],
    ),
    "a branch for one host": (
        "",
        "if url == 'https://a.example':\n        return requests.get(url, timeout=1).text\n    return ''",
        ["net:a.example"],
    ),
    "a folder and a name": (
        "from pathlib import Path\n",
        "p = Path(url)\n    return (p.parent / p.name).read_text()",
        ["read:{url}"],
    ),
    "what a loop puts in": (
        "",
        "todo = [url]\n    while todo:\n        requests.get(todo.pop(), timeout=1)\n        todo.append('https://b.example')\n    return ''",
        ["net:b.example", "net:{url}"],
    ),
    "a getter beside its setter": (
        "class A:\n    @property\n    def x(self):\n        return open('a.txt')\n    @x.setter\n    def x(self, v):\n        pass\n",
        "return A().x.read()",
        ["read:a.txt"],
    ),
    "a registry of a metaclass": (
        "class M(type):\n    seen = {}\n    def __new__(m, n, b, d):\n        c = super().__new__(m, n, b, d)\n"
        "        m.seen[n] = c\n        return c\nclass A(metaclass=M):\n    def go(self):\n        return open('a.txt')\n",
        "return M.seen[url]().go()",
        ["read:a.txt"],
    ),
}


@pytest.mark.parametrize("name", FOLLOWED)
def test_it_comes_out_again(inferred: Infer, name: str) -> None:
    head, body, expected = FOLLOWED[name]
    found = inferred(f"import requests\n{head}@tool\ndef t(url: str) -> str:\n    {body}\n")
    assert [str(e) for e in found.effects] == expected
    assert found.unresolved == ()


CALLS = [
    ("import boto3", "boto3.client('s3').describe_regions()", ["net:*.amazonaws.com"]),
    ("import boto3", "boto3.client('s3').delete_bucket_policy()", ["net:*.amazonaws.com (deletes)"]),
    ("import openai", "openai.OpenAI(api_key=x).models.list()", ["net:api.openai.com (writes)"]),
    ("from sh import git", "git.log(x)", ["run:git"]),
    ("import duckdb", "duckdb.sql(\"select * from 'a.csv'\")", ["read:a.csv"]),
    (
        "import sqlite3",
        "sqlite3.connect(':memory:').execute(\"attach 'a.db' as a\")",
        ["read:a.db", "write:a.db"],
    ),
    ("import sqlite3", "sqlite3.connect(':memory:').execute('select 1')", []),
    ("import ctypes.util", "ctypes.CDLL(ctypes.util.find_library('m'))", ["native:libm.so"]),
    ("import json", "json.codecs.open(x)", ["read:{x}"]),
    ("import os", "os.stat(x)", ["read:{x}"]),
    ("import shutil", "shutil.copy(x, 'a')", ["read:{x}", "write:a"]),
    ("import datetime", "datetime.time(1)", []),
    ("import subprocess", "subprocess.run([f'bin/{x}'])", ["run:bin/{x}"]),
]


@pytest.mark.parametrize(("head", "call", "expected"), CALLS)
def test_what_a_verb_or_a_text_says(effects: Effects, head: str, call: str, expected: list[str]) -> None:
    assert effects(f"{head}\n@tool\ndef t(x: str) -> str:\n    return str({call})\n") == expected


@pytest.mark.parametrize(
    "call",
    [
        "imaplib._new()",
        "tempfile._mkstemp_inner(x)",
        "idlelib.run.main()",
        "pkgutil.zipimporter(x)",
        "turtle.done()",
    ],
)
def test_corners_of_the_standard_library_are_asked_about(inferred: Infer, call: str) -> None:
    found = inferred(
        f"import {call.partition('.')[0]}\n@tool\ndef t(x: str) -> str:\n    return str({call})\n"
    )
    assert found.unresolved or found.effects


def test_sql_of_an_argument_may_open_files_where_nothing_else_is_said(inferred: Infer) -> None:
    found = inferred("""\
        import sqlite3
        @tool
        def t(q: str) -> list:
            return sqlite3.connect(":memory:").execute(q).fetchall()
        """)
    assert [(u.kind, u.derived) for u in found.unresolved] == [("write", ("q",))]


def test_a_second_call_starts_with_what_the_first_left(inferred: Infer) -> None:
    found = inferred("""\
        import requests
        class T(Tool):
            name = "t"; description = "d"; inputs = {}; output_type = "string"
            def __init__(self):
                super().__init__()
                self.root = "https://a.example"
            def forward(self) -> str:
                text = requests.get(self.root, timeout=3).text
                self.root = "https://b.example"
                return text
        """)
    assert [str(e) for e in found.effects] == ["net:a.example", "net:b.example"]


def test_a_path_that_is_checked_against_a_folder_is_still_that_path(inferred: Infer) -> None:
    found = inferred("""\
        from pathlib import Path
        class T(Tool):
            name = "t"; description = "d"; inputs = {}; output_type = "string"
            def __init__(self, root: str | None = None):
                super().__init__()
                self.root = Path(root) if root else Path.cwd()
            def checked(self, name: str) -> Path:
                path = Path(name)
                if not path.is_absolute():
                    path = self.root / path
                path = path.parent.resolve() / path.name
                path.relative_to(self.root.resolve())
                return path
            def forward(self, name: str) -> str:
                path = self.checked(name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("x")
                return "done"
        """)
    assert [str(e) for e in found.effects] == ["write:{name}"]
    assert found.unresolved == ()
