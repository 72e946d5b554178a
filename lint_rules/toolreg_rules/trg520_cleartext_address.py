import re
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import strings

_PLAIN = re.compile(r"http://([\w.-]+\.[a-z]{2,}|\d+\.\d+\.\d+\.\d+)(?=[:/?]|\Z)", re.I)
_LOCAL = re.compile(
    r"(?:localhost|127\.|10\.|192\.168\.|0\.0\.0\.0|.*\.(?:local|internal|test)\Z|(?:www\.)?w3\.org|schemas?\.|purl\.org|xmlns\.)",
    re.I,
)


@rule(
    "TRG520",
    "cleartext-address",
    Severity.INFO,
    bad=[
        function_tool(
            "return requests.get('http://api.example.com/a', timeout=9).text[:500] + text",
            head="import requests",
            effects="net: api.example.com",
        ),
    ],
    good=[
        function_tool(
            "return requests.get('https://api.example.com/a', timeout=9).text[:500] + text",
            head="import requests",
            effects="net: api.example.com",
        ),
        function_tool("return text.removeprefix('http://')"),
    ],
)
def cleartext_address(tool: ToolSource) -> Iterator[Hit]:
    """An address is reached without encryption.

    What goes over `http://` can be read and changed on the way, keys included. Write `https://`.
    """
    found, every = strings(tool)
    for node in found if "://" in every else ():
        match = _PLAIN.match(str(node.value))
        if match and not _LOCAL.match(match[1]):
            yield node, f"'http://{match[1]}' is reached without encryption; write https://"
