import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import all_calls, names_called, nodes

_OFF = {"verify_mode": ("ssl.CERT_NONE", "CERT_NONE"), "check_hostname": ("False",), "verify": ("False",)}
_WORDS = ("verify", "ssl", "check_hostname")  # one of them is written wherever a check is turned off
_UNVERIFIED = "ssl._create_unverified_context"
_CLIENTS = frozenset({"requests", "httpx", "niquests", "curl_cffi"})


@rule(
    "TRG508",
    "tls-verification-off",
    Severity.ERROR,
    bad=[
        function_tool(
            "return requests.get(url, timeout=9, verify=False).text[:500]",
            signature="url: str",
            head="import requests",
            effects="net: {url}",
        ),
    ],
    good=[
        function_tool(
            "return requests.get(url, timeout=9).text[:500]",
            signature="url: str",
            head="import requests",
            effects="net: {url}",
        ),
    ],
)
def tls_verification_off(tool: ToolSource) -> Iterator[Hit]:
    """TLS certificates are not checked.

    Whoever stands between can read and change what the tool sends and gets. Leave verification on; pass the
    authority's certificate for a private one.
    """
    if not any(word in tool.module.text for word in _WORDS) and _UNVERIFIED not in names_called(tool):
        return
    for call in all_calls(tool):
        verify = call.argument("verify")
        if (
            isinstance(verify, ast.Constant)
            and verify.value is False
            and call.name.partition(".")[0] in _CLIENTS
        ):
            yield call.node, f"{call.name} does not check certificates (verify=False)"
        elif call.name == _UNVERIFIED:
            yield call.node, "this TLS context does not check certificates"
        ssl = call.argument("ssl") if call.name.startswith("aiohttp.") else None
        if isinstance(ssl, ast.Constant) and ssl.value is False:
            yield call.node, f"{call.name} does not check certificates (ssl=False)"
    for node in nodes(tool, ast.Assign):
        target = node.targets[0]
        switch = target.attr if isinstance(target, ast.Attribute) else ""
        if switch in _OFF and ast.unparse(node.value) in _OFF[switch]:
            yield (
                node,
                f"{ast.unparse(target)} = {ast.unparse(node.value)} turns the check of certificates off",
            )
