import json
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest

from toolreg.errors import ConfigError
from toolreg.infer import InferOptions
from toolreg.infer.catalogue import COMPILED, builtin_catalogue
from toolreg.infer.compile import FOLDER, compile_all, compile_data, compile_file
from toolreg.infer.extend import catalogue_with
from toolreg.infer.spec import SpecError, parse_spec


def test_the_compiled_catalogue_is_what_the_toml_files_say() -> None:
    assert Path(COMPILED).read_text(encoding="utf-8") == compile_all()


def test_every_line_of_every_file_is_valid_and_leads_somewhere() -> None:
    catalogue = builtin_catalogue()
    for path in sorted(FOLDER.glob("*.toml")):
        compile_file(path)
    for name, section in catalogue.sections.items():
        section.get(name)
        for line in section.lines or {}:
            entry = section.get(line)
            assert entry is not None
            if entry.same_as:
                assert catalogue.knows(entry.same_as), f"{line} = {entry.same_as}"


def test_the_schema_accepts_every_file_and_refuses_what_the_compiler_refuses() -> None:
    schema = jsonschema.Draft202012Validator(json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")))
    for path in sorted(FOLDER.glob("*.toml")):
        assert [
            f"{path.name}: {e.message}" for e in schema.iter_errors(tomllib.loads(path.read_text()))
        ] == []
    for data in (
        {},
        {"distribution": "x", "imports": ["x"], "unlisted": "none", "api": {"x.f": "fly:{a@0}"}},
    ):
        assert not schema.is_valid(data)


def test_every_module_of_the_standard_library_is_in_it() -> None:
    catalogue = builtin_catalogue()
    missing = [m for m in sys.stdlib_module_names if not m.startswith("_") and not catalogue.knows(m)]
    assert missing == []


def test_the_packages_that_tools_use_are_in_it() -> None:
    needed = [
        "requests",
        "httpx",
        "aiohttp",
        "urllib3",
        "websockets",
        "bs4",
        "pandas",
        "numpy",
        "PIL",
        "openpyxl",
        "pypdf",
        "yaml",
        "sqlalchemy",
        "psycopg",
        "pymongo",
        "redis",
        "boto3",
        "google.cloud.storage",
        "huggingface_hub",
        "transformers",
        "datasets",
        "torch",
        "gradio_client",
        "smolagents",
        "openai",
        "anthropic",
        "litellm",
        "duckduckgo_search",
        "ddgs",
        "wikipediaapi",
        "markdownify",
        "playwright",
        "selenium",
        "paramiko",
        "docker",
        "git",
        "mcp",
    ]
    assert [name for name in needed if not builtin_catalogue().knows(name)] == []


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"distribution": "x", "imports": ["x"], "unlisted": "none", "colour": 1}, "unknown key 'colour'"),
        ({"imports": ["x"], "unlisted": "none"}, "`distribution`"),
        ({"distribution": "x", "imports": "x", "unlisted": "none"}, "`imports`"),
        ({"distribution": "x", "imports": ["x"], "unlisted": "perhaps"}, "`unlisted`"),
        (
            {"distribution": "x", "imports": ["x"], "unlisted": "none", "api": {"y.f": "none"}},
            "below none of the imports",
        ),
        (
            {"distribution": "x", "imports": ["x"], "unlisted": "none", "api": {"x.f": "fly:{a@0}"}},
            "is no effect",
        ),
        ({"distribution": "x", "imports": ["x"], "unlisted": "none", "api": {"x.f": 3}}, "must have a text"),
    ],
)
def test_a_catalogue_that_does_not_validate_is_named(data: dict[str, object], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        compile_data(data, "mine.toml")


@pytest.mark.parametrize("line", ["", "net", "net:", "-> ", "net:{a@x}", "nothing at all"])
def test_a_line_that_says_nothing_is_refused(line: str) -> None:
    with pytest.raises(SpecError):
        parse_spec(line)


def test_users_add_their_own_packages(tmp_path, inferred) -> None:
    mine = tmp_path / "acme.toml"
    mine.write_text(
        'distribution = "acme"\nimports = ["acme"]\nunlisted = "none"\n[api]\n"acme.send" = "net:hq.acme.example (writes)"\n'
    )
    source = "import acme\n@tool\ndef t(a: str) -> str:\n    return acme.send(a)\n"
    found = inferred(source, InferOptions(catalogue=catalogue_with([mine])))
    assert [str(e) for e in found.effects] == ["net:hq.acme.example (writes)"]
    assert found.unresolved == ()
    assert inferred(source).unresolved != ()


def test_a_file_that_is_no_toml_is_named(tmp_path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("distribution = ")
    with pytest.raises(ConfigError, match="does not read"):
        catalogue_with([path])


def test_inference_reads_no_toml_and_no_heavy_package() -> None:
    code = "import sys, toolreg.infer; print(sorted({'tomllib', 'pydantic', 'typer', 'rich', 'smolagents'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
