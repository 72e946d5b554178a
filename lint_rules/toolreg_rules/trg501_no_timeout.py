from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import calls
from toolreg_rules._edits import add_keyword

_REQUESTS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
# What waits without end by default. httpx and huggingface_hub have a default timeout and are not here.
WAITING = {
    **{f"requests.{verb}": -1 for verb in _REQUESTS},
    **{f"requests.Session.{verb}": -1 for verb in _REQUESTS},
    **{f"requests.session.{verb}": -1 for verb in _REQUESTS},
    "urllib.request.urlopen": 2,
    "socket.create_connection": 1,
    "http.client.HTTPConnection": 2,
    "http.client.HTTPSConnection": 2,
    "ftplib.FTP": 4,
    "smtplib.SMTP": 3,
    "smtplib.SMTP_SSL": 5,
    "imaplib.IMAP4_SSL": -1,
    "telnetlib.Telnet": 2,
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
    needs=WAITING,
)
def no_timeout(tool: ToolSource) -> Iterator[Hit]:
    """Waits for the network without end.

    An agent cannot press Ctrl-C: a silent server stops it for good. Give `timeout=` in seconds.
    """
    for call in calls(tool, *WAITING):
        if not call.gives("timeout") and not 0 <= WAITING[call.name] < len(call.node.args):
            yield (
                call.node,
                f"{call.name} may wait for ever; pass timeout=",
                add_keyword(tool, call.node, "timeout=30"),
            )
