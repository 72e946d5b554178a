"""APIs whose effects hang on an argument's value."""

from collections.abc import Callable

import pytest

Effects = Callable[[str], list[str]]

CALLS = [
    ("import numpy", "numpy.load(x)", ["read:{x}"]),
    ("import numpy", "numpy.load(x, allow_pickle=True)", ["code:*", "read:{x}"]),
    ("import torch", "torch.load(x)", ["read:{x}"]),
    ("import torch", "torch.load(x, weights_only=False)", ["code:*", "read:{x}"]),
    ("import yaml", "yaml.load(x, Loader=yaml.SafeLoader)", []),
    ("import yaml", "yaml.load(x)", ["code:*"]),
    ("import sqlite3", "sqlite3.connect(x)", ["read:{x}", "write:{x}"]),
    ("import sqlite3", "sqlite3.connect(f'file:{x}?mode=ro', uri=True)", ["read:{x}"]),
    ("import sqlite3", "sqlite3.connect('file::memory:?cache=shared', uri=True)", []),
    ("import sqlalchemy", "sqlalchemy.create_engine('sqlite:///a.db')", ["read:a.db", "write:a.db"]),
    ("import sqlalchemy", "sqlalchemy.create_engine('sqlite://')", []),
    (
        "import sqlalchemy",
        "sqlalchemy.create_engine('postgresql://u:p@db.example/x')",
        ["net:db.example (writes)"],
    ),
    (
        "import psycopg",
        "psycopg.connect('host=db.example port=6000 dbname=x')",
        ["net:db.example:6000 (writes)"],
    ),
    ("import psycopg", "psycopg.connect('postgresql://db.example/x')", ["net:db.example:5432 (writes)"]),
    ("import psycopg", "psycopg.connect(host=x)", ["net:{x}:5432 (writes)"]),
    ("import psycopg", "psycopg.connect(dbname='x')", ["net:localhost:5432 (writes)"]),
    ("from gradio_client import Client", "Client('https://x.example')", ["net:x.example"]),
    ("from gradio_client import Client", "Client('a/b')", ["net:*.hf.space", "net:huggingface.co"]),
    (
        "import mcp, mcp.client.stdio",
        "mcp.client.stdio.stdio_client(mcp.StdioServerParameters(command='uvx', args=[x]))",
        ["run:uvx"],
    ),
    (
        "import requests",
        "requests.Session().send(requests.Request('PUT', 'https://x.example').prepare())",
        ["net:x.example (writes)"],
    ),
    ("import httpx", "httpx.Client(base_url='https://x.example').get('/a')", ["net:x.example"]),
    (
        "import httpx",
        "httpx.Client(base_url='https://x.example').get('https://y.example')",
        ["net:y.example"],
    ),
    (
        "import openai",
        "openai.OpenAI(base_url='http://localhost:1234/v1').chat.completions.create()",
        ["env:OPENAI_API_KEY", "net:localhost:1234 (writes)"],
    ),
    ("import boto3", "boto3.client('s3').get_object(Bucket=x)", ["net:*.amazonaws.com"]),
    ("import os", "os.open(x, os.O_RDONLY)", ["read:{x}"]),
    ("import os", "os.open(x, os.O_WRONLY | os.O_CREAT)", ["write:{x}"]),
    ("import tempfile", "tempfile.mkdtemp()", ["write:/tmp/*"]),
    ("import zipfile", "zipfile.ZipFile(x).extractall()", ["read:{x}", "write:."]),
    ("import pandas", "pandas.read_csv('https://x.example/a.csv')", ["net:x.example"]),
    ("import pandas", "pandas.read_csv(x)", ["net:{x}", "read:{x}"]),
    ("import pandas", "pandas.DataFrame([]).dropna().to_csv(x)", ["write:{x}"]),
    ("import pandas", "pandas.DataFrame([]).to_csv()", []),
    ("from PIL import Image", "Image.open(x).convert('L').save('o.png')", ["read:{x}", "write:o.png"]),
]


@pytest.mark.parametrize(("head", "call", "expected"), CALLS)
def test_what_a_call_of_a_library_does(effects: Effects, head: str, call: str, expected: list[str]) -> None:
    assert effects(f"{head}\n@tool\ndef t(x: str) -> str:\n    return str({call})\n") == expected
