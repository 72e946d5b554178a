import re
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import strings

_PLAIN = re.compile(r"((?:http|ftp|ws)://)([\w.-]+\.[a-z]{2,}|\d+\.\d+\.\d+\.\d+)(?=[:/?#]|\Z)([^\s]*)", re.I)
_LOCAL = re.compile(
    r"(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|0\.0\.0\.0|.*\.(?:local|internal|test|localhost|lan)\Z"
    r"|(?:www\.)?w3\.org|schemas?\.|purl\.org|xmlns\.|ogp\.me|xml\.|ns\.|.*\bschemas\b)",
    re.I,
)
# Names of XML vocabularies: nobody fetches them.
_NAMESPACE = re.compile(r"/(?:ns|schemas?|xmlns|xml|spec|elements|terms|sitemap)\b|#\Z", re.I)


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
        if match and not _LOCAL.match(match[2]) and not _NAMESPACE.search(match[3]):
            scheme = match[1].lower()
            secure = {"http://": "https://", "ws://": "wss://"}.get(scheme, "sftp or https")
            yield node, f"'{scheme}{match[2]}' is reached without encryption; use {secure}"
