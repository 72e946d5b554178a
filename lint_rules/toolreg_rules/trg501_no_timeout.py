import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Edit, Fix, Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.judge import place_of
from toolreg.lint.walk import Call, calls, nodes
from toolreg_rules._edits import add_keyword
from toolreg_rules._local import is_value, words_of

_REQUESTS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
# What waits without end by default, and the position of its timeout. httpx and huggingface_hub have a default.
WAITING = {
    **{f"requests.{verb}": -1 for verb in _REQUESTS},
    **{f"requests.api.{verb}": -1 for verb in _REQUESTS},
    **{f"requests.{maker}.{verb}": -1 for maker in ("Session", "session") for verb in (*_REQUESTS, "send")},
    **{f"requests.sessions.Session.{verb}": -1 for verb in (*_REQUESTS, "send")},
    "urllib.request.urlopen": 2,
    "urllib.request.build_opener.open": 2,
    "urllib.request.urlretrieve": -1,
    "urllib3.request": -1,
    "urllib3.PoolManager.request": -1,
    "urllib3.PoolManager.urlopen": -1,
    "urllib3.ProxyManager.request": -1,
    "socket.create_connection": 1,
    "socket.socket.connect": -1,
    "http.client.HTTPConnection": 2,
    "http.client.HTTPSConnection": 2,
    "ftplib.FTP": 4,
    "ftplib.FTP_TLS": -1,
    "smtplib.SMTP": 3,
    "smtplib.SMTP_SSL": 5,
    "imaplib.IMAP4": 2,
    "imaplib.IMAP4_SSL": -1,
    "poplib.POP3": 2,
    "poplib.POP3_SSL": -1,
    "telnetlib.Telnet": 2,
    "websocket.create_connection": 1,
    "paramiko.SSHClient.connect": 5,
}
# What has a limit unless somebody takes it away.
_LIMITED = frozenset(
    {f"httpx.{verb}" for verb in (*_REQUESTS, "stream", "Client", "AsyncClient")}
    | {f"httpx.{maker}.{verb}" for maker in ("Client", "AsyncClient") for verb in (*_REQUESTS, "stream")}
    | {f"niquests.{verb}" for verb in _REQUESTS}
)
_INSTEAD = {
    "socket.socket.connect": "call settimeout() first",
    "urllib.request.urlretrieve": "it takes no timeout; use urlopen with timeout=",
}


@rule(
    "TRG501",
    "no-timeout",
    Severity.ERROR,
    bad=[
        function_tool(
            "return requests.get(url).text[:1000]",
            signature="url: str",
            head="import requests",
            effects="net: {url}",
        ),
        function_tool(
            "from urllib.request import urlopen\nwith urlopen(url) as page:\n    return page.read(1000).decode()",
            signature="url: str",
            effects="net: {url}",
        ),
    ],
    good=[
        function_tool(
            "return requests.get(url, timeout=10).text[:1000]",
            signature="url: str",
            head="import requests",
            effects="net: {url}",
        )
    ],
    fix="unsafe",
    needs=(*WAITING, *_LIMITED),
)
def no_timeout(tool: ToolSource) -> Iterator[Hit]:
    """Waits for the network without end.

    An agent cannot press Ctrl-C: a silent server stops it for good. Give `timeout=` in seconds.
    """
    seen: set[ast.Call] = set()
    for call in calls(tool, *WAITING, *_LIMITED):
        given = words_of(tool, call.node)[0].get("timeout")
        if call.node in seen:
            continue
        if given is not None and is_value(tool, given, None):
            seen.add(call.node)
            yield call.node, f"{call.name} may wait for ever with timeout=None", _limited(given)
        elif call.name in WAITING and given is None and not _is_limited(tool, call):
            seen.add(call.node)
            how = _INSTEAD.get(call.name, "pass timeout=")
            fix = add_keyword(tool, call.node, "timeout=30") if call.name not in _INSTEAD else None
            yield call.node, f"{call.name} may wait for ever; {how}", fix


def _is_limited(tool: ToolSource, call: Call) -> bool:
    """By what it is called with, by what made the connection, or for every socket."""
    if "timeout" in call.keywords or words_of(tool, call.node)[1]:
        return True
    if 0 <= WAITING[call.name] < len(call.node.args):
        return True
    made = call.constructor
    if call.name.startswith("urllib3.") and made is not None and "timeout" in words_of(tool, made)[0]:
        return True
    return call.name.startswith(("socket.", "urllib.")) and any(
        a.attr in ("settimeout", "setdefaulttimeout", "setblocking") for a in nodes(tool, ast.Attribute)
    )


def _limited(given: ast.expr) -> Fix | None:
    return Fix("Wait 30 seconds", (Edit(place_of(given), "30"),)) if isinstance(given, ast.Constant) else None
