"""Import names become distributions that exist, pinned to what is installed."""

from __future__ import annotations

import re
import sys
from importlib import metadata, resources

import pytest
from packaging.requirements import Requirement as Parsed
from packaging.utils import canonicalize_name

from toolreg.bundle.lock import lock_text
from toolreg.bundle.requirements import (
    distribution_of,
    imports_of,
    read_table,
    requirements_of,
    requirements_text,
)
from toolreg.errors import UsageError


def names(code: str) -> list[str]:
    return [r.name for r in requirements_of(code)[0]]


def test_installed_packages_are_pinned_to_their_version() -> None:
    (found,), missing = requirements_of("import yaml\n")
    assert str(found) == f"pyyaml=={metadata.version('pyyaml')}"
    assert found.imports == ("yaml",)
    assert missing == ()


@pytest.mark.parametrize(
    ("dotted", "distribution"),
    [
        ("cv2", "opencv-python-headless"), ("sklearn.linear_model", "scikit-learn"), ("fitz", "pymupdf"),
        ("google.cloud.storage.Client", "google-cloud-storage"), ("google.genai", "google-genai"),
        ("google.generativeai", "google-generativeai"), ("dotenv", "python-dotenv"), ("jwt", "pyjwt"), ("wikipediaapi", "wikipedia-api"),
        ("googleapiclient.discovery", "google-api-python-client"), ("Crypto.Cipher", "pycryptodome"), ("PIL.Image", "pillow"),
    ],
)  # fmt: skip
def test_names_that_differ_from_their_distribution_are_known(dotted: str, distribution: str) -> None:
    assert distribution_of(dotted) == distribution


def test_a_namespace_that_is_not_one_distribution_is_not_guessed() -> None:
    assert distribution_of("google.surely_nothing") is None
    assert distribution_of("surely_no_such_package") is None


def test_every_way_to_import_is_seen() -> None:
    code = """
import os, yaml
from bs4 import BeautifulSoup  # a comment
def f():
    import requests as r
    try:
        import pydantic
    except ValueError:
        raise
if TYPE_CHECKING:
    import surely_not_there
"""
    assert names(code) == ["beautifulsoup4", "pydantic", "pyyaml", "requests"]


def test_an_import_that_the_code_goes_on_without_is_marked_and_an_unknown_one_left_out() -> None:
    code = "try:\n    import yaml\n    import surely_not_there\nexcept ImportError:\n    yaml = None\n"
    found, missing = requirements_of(code)
    assert [r.optional for r in found] == [True]
    assert missing == ()
    assert requirements_text(found).endswith(b"  # optional\n")


def test_a_module_that_the_file_makes_itself_is_no_requirement() -> None:
    assert requirements_of("import mine\n", provided=["mine"]) == ((), ())


def test_an_unknown_import_is_missing_with_its_line() -> None:
    assert requirements_of("import os\nimport surely_no_such_package\n")[1] == (
        ("surely_no_such_package", 2),
    )


def test_the_table_is_sorted_into_real_names_once_each() -> None:
    text = resources.files("toolreg.bundle").joinpath("distributions.txt").read_text("utf-8")
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    assert len({r[0] for r in rows}) == len(rows)
    assert all(len(r) <= 2 for r in rows)
    assert not {r[0].split(".")[0] for r in rows} & sys.stdlib_module_names
    assert all(
        re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name) and name == canonicalize_name(name)
        for name in read_table(text).values()
    )


def test_requirements_are_what_pip_reads() -> None:
    found, _ = requirements_of("import yaml, requests, numpy\n")
    for line in requirements_text(found).decode().splitlines():
        Parsed(line.split("  #")[0])


def test_imports_keep_their_dotted_names() -> None:
    assert [i.dotted for i in imports_of("from google.cloud import storage\nfrom . import x\n")] == [
        "google.cloud.storage"
    ]


REPORT = {
    "install": [
        {
            "metadata": {"name": "B_b", "version": "2"},
            "download_info": {"url": "x", "archive_info": {"hashes": {"sha256": "b" * 64}}},
        },
        {
            "metadata": {"name": "a", "version": "1"},
            "download_info": {"url": "x", "archive_info": {"hash": "sha256=" + "a" * 64}},
        },
    ]
}


def test_a_report_of_pip_becomes_a_lock_with_hashes() -> None:
    assert lock_text(REPORT) == f"a==1 --hash=sha256:{'a' * 64}\nb-b==2 --hash=sha256:{'b' * 64}\n".encode()


@pytest.mark.parametrize(
    "report", [{}, {"install": [{"metadata": {"name": "a", "version": "1"}, "download_info": {}}]}, []]
)
def test_a_report_without_hashes_makes_no_lock(report: object) -> None:
    with pytest.raises(UsageError):
        lock_text(report)
