import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import names_of, nodes
from toolreg_rules._local import is_value, value_of, words_of

_OFF = {"verify_mode": ("ssl.CERT_NONE", "CERT_NONE"), "check_hostname": ("False",), "verify": ("False",)}
# One of them is written wherever a check is turned off.
_WORDS = ("verif", "ssl", "check_hostname", "cert_reqs", "validate_certs", "CA_BUNDLE")
_UNVERIFIED = "_create_unverified_context"
_CLIENTS = frozenset({"requests", "httpx", "niquests", "curl_cffi", "boto3", "hvac"})
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "request", "stream", "send"})
# Keywords that mean nothing else, whoever is called.
_SWITCHES = (
    "verify_ssl",
    "verify_certs",
    "ssl_verify",
    "validate_certs",
    "check_hostname",
    "assert_hostname",
)
_VARIABLES = ("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "PYTHONHTTPSVERIFY")


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
    if not any(word in tool.module.text for word in _WORDS):
        return
    names = names_of(tool)
    for call in nodes(tool, ast.Call):
        word = _switched_off(tool, call, names.called(call.func)[0]) if call.keywords else ""
        if word:
            yield call, f"{ast.unparse(call.func)} does not check certificates ({word})"
    for used in nodes(tool, ast.Attribute):
        if used.attr == _UNVERIFIED:
            yield used, "this TLS context does not check certificates"
    for node, switch, value in _set(tool):
        if switch in _OFF and value in _OFF[switch]:
            yield node, f"{switch} = {value} turns the check of certificates off"
        elif switch in _VARIABLES and value in ("''", "'0'"):
            yield node, f"{switch}={value} turns the check of certificates off"


def _switched_off(tool: ToolSource, call: ast.Call, name: str) -> str:
    """`verify=False`, if this is what turns the check off."""
    words, _ = words_of(tool, call)
    reaches = isinstance(call.func, ast.Attribute) and call.func.attr in _VERBS
    off = [word for word in _SWITCHES if word in words]
    if "verify" in words and (name.partition(".")[0] in _CLIENTS or (reaches and not name)):
        off.append("verify")
    if "ssl" in words and name.startswith(("aiohttp.", "websockets.")):
        off.append("ssl")
    if "cert_reqs" in words and ast.unparse(value_of(tool, words["cert_reqs"]) or call).strip("'").endswith(
        "CERT_NONE"
    ):
        return "cert_reqs=CERT_NONE"
    return next((f"{word}=False" for word in off if is_value(tool, words[word], False)), "")


def _set(tool: ToolSource) -> Iterator[tuple[ast.AST, str, str]]:
    """(where, attribute or variable, value) of what is assigned, pairs and `setattr` included."""
    for node in nodes(tool, ast.Assign):
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=False))
            for one, value in pairs:
                if isinstance(one, ast.Attribute):
                    yield node, one.attr, ast.unparse(value_of(tool, value) or value)
                elif isinstance(one, ast.Subscript) and isinstance(one.slice, ast.Constant):
                    yield node, str(one.slice.value), ast.unparse(value)
    for call in nodes(tool, ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id == "setattr" and len(call.args) == 3:
            yield call, ast.unparse(call.args[1]).strip("'"), ast.unparse(call.args[2])
