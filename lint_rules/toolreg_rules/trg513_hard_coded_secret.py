import ast
from collections.abc import Iterator

from toolreg.contract.source import Module
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import nodes
from toolreg_rules._secrets import NAME_MARKS, NAMED, is_secret_value, may_hold_one, named, shaped


@rule(
    "TRG513",
    "hard-coded-secret",
    Severity.ERROR,
    bad=[
        function_tool("return text + 'postgres://reader:Tr0ub4dor3@db.acme.net/notes'"),
    ],
    good=[
        function_tool("import os\nreturn text + os.environ['HF_TOKEN']", effects="env: HF_TOKEN"),
        function_tool("return text + 'hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'"),
    ],
)
def hard_coded_secret(module: Module) -> Iterator[Hit]:
    """A key or token stands in the code.

    What is published is read by everybody, and a key in it is found within minutes. Take it back, make a new one,
    and read it from the environment: `env: NAME`.
    """
    found: set[int] = set()
    may = may_hold_one(module.text)
    for node, what, start in (*(_shaped(module) if may else ()), *_named(module)):
        if node.lineno not in found:
            found.add(node.lineno)
            yield node, f"looks like {what} ('{start}…'); read it from the environment instead"
    for line, what, start in _in_comments(module) if may else ():
        if line not in found:
            yield line, f"looks like {what} ('{start}…') in a comment; remove it"


def _shaped(module: Module) -> Iterator[tuple[ast.expr, str, str]]:
    """Literals that hold a secret of a known shape."""
    long = [(n, t) for n in nodes(module, ast.Constant) if len(t := _text(n)) >= 16]
    if may_hold_one("\n".join([text for _, text in long])):
        for node, text in long:
            yield from ((node, what, start) for what, start in shaped(text))


def _named(module: Module) -> Iterator[tuple[ast.expr, str, str]]:
    """Literals that are given to a name such as `api_key`."""
    text = module.text.lower()
    if any(mark in text for mark in NAME_MARKS):
        for kind in (ast.Assign, ast.AnnAssign, ast.keyword, ast.Dict, ast.Call):
            for node in nodes(module, kind):
                for name, value in named(node):
                    given = _text(value) if len(name) > 4 else ""
                    if given and NAMED.fullmatch(name) and is_secret_value(given):
                        yield value, f"a secret for '{name}'", given[:3]
    if "auth" in text:
        for word in nodes(module, ast.keyword):
            if word.arg == "auth" and isinstance(word.value, ast.Tuple) and len(word.value.elts) == 2:
                given = _text(word.value.elts[1])
                if given and is_secret_value(given):
                    yield word.value.elts[1], "a password", given[:3]


def _in_comments(module: Module) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(module.lines, 1):
        _, mark, comment = line.partition("#")
        if mark and may_hold_one(comment):
            yield from ((number, what, start) for what, start in shaped(comment))


def _text(node: ast.expr) -> str:
    value = node.value if isinstance(node, ast.Constant) else None
    return (
        value.decode("ascii", "replace")
        if isinstance(value, bytes)
        else value
        if isinstance(value, str)
        else ""
    )
