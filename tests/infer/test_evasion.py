"""Ways to hide a call: whatever the value goes through, something is said of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from toolreg.contract import parse_module
from toolreg.infer import infer

HEAD = (
    "import abc, base64, builtins, codecs, collections, contextlib, copy, dataclasses, enum, functools, gc, importlib\n"
    "import inspect, itertools, json, operator, os, pickle, re, requests, string, subprocess, sys, threading, types\n"
    "import weakref\nfrom smolagents import tool\n"
)
TEXT = (Path(__file__).parent / "evasions.txt").read_text(encoding="utf-8")
CASES = {block.partition("\n")[0]: block.partition("\n")[2] for block in re.split(r"(?m)^### ", TEXT)[1:]}


@pytest.mark.parametrize("name", CASES)
def test_no_way_around_is_silent(name: str) -> None:
    found = infer(parse_module("tool.py", (HEAD + CASES[name]).encode()).tools[-1])
    assert found.effects or found.unresolved


KINDS = (Path(__file__).parent / "evasions2.txt").read_text(encoding="utf-8")
OF_KIND = {
    head: body for head, _, body in (block.partition("\n") for block in re.split(r"(?m)^### ", KINDS)[1:])
}


@pytest.mark.parametrize("head", OF_KIND)
def test_what_is_hidden_is_named_or_asked_about(head: str) -> None:
    """One of the kinds behind the bar is inferred, or left open; `?`: any question will do."""
    kinds = set(head.partition(" | ")[2].split("|"))
    found = infer(parse_module("tool.py", (HEAD + OF_KIND[head]).encode()).tools[-1])
    asked = {u.kind or "?" for u in found.unresolved}
    assert (
        kinds & {e.kind for e in found.effects} or kinds & asked or "?" in asked or ("?" in kinds and asked)
    )


def test_the_cases_are_many() -> None:
    assert len(CASES) > 250
    assert len(OF_KIND) > 800
