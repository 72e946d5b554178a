"""What a tool's own code says to the model that reads its answer: orders, hidden text, pictures from elsewhere.

What stood in the arguments, in the answers of the network or in the files of the workspace is data, and is let pass.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, unquote, urlsplit

_MOST = 4_000_000  # characters of answers that are looked at
_SESSION = r"(?:conversation(?: history)?|chat history|system prompt|environment variables|chain of thought)"
_SECRET = r"(?:api[ _-]?keys?|passwords?|credentials|access tokens?|private keys?|ssh keys?|~/\.ssh|id_rsa)"
_MODEL = r"(?:the|any|an?|dear) (?:ai|assistant|model|llm|agent)"
_ORDERS: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    ("gives the model orders", re.compile(
        r"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?]{0,40}\b(?:previous|prior|above|earlier|preceding|all|your|system|safety)\b"
        r"[^.!?]{0,30}\b(?:instructions?|prompts?|rules|directions|guidelines|guardrails|restrictions)\b"
        rf"|\b{_MODEL} (?:must|should(?: always)?|shall|has to|needs to|is required to)(?: now| always| first| never| not)? "
        r"(?:call|use|invoke|run|execute|send|include|read|reveal|ignore|obey|forward|open|visit|pass)\b"
        r"|\b(?:reveal|print|show|repeat|output|leak|send|include)\b[^.!?]{0,30}\b(?:your|the) system prompt\b"
        r"|\bnew system (?:instructions?|prompt):|\byou are (?:now|no longer) (?:dan\b|an? un|unrestricted|bound by|in developer mode)",
    ), ("ignor", "disregard", "forget", "overrid", "bypass", "system prompt", "the ", "any ", " ai ", "you are")),
    ("asks the model to send what is not the tool's", re.compile(
        r"\b(?:include|append|attach|pass|send|forward|upload|copy|paste|leak|exfiltrate|provide|post|submit)\b[^.!?]{0,40}"
        rf"\b(?:(?:the |your |all |any |full |entire |user'?s |whole )+(?:[\w']+ ){{0,2}}{_SESSION}"
        rf"|(?:your |all |every |user'?s |their )+(?:[\w']+ ){{0,2}}{_SECRET})",
    ), ("conversation", "history", "prompt", "environment", "thought", "api", "password", "credential", "token", "key", "ssh")),
    ("asks the model for what is not the tool's", re.compile(
        r"\bask (?:the|your) (?:user|human|operator)\b[^.!?]{0,30}\b(?:password|credentials|api key|access token|private key|card number|pin)\b"
        rf"|\b(?:read|open|cat|load|fetch)\b[^.!?]{{0,30}}(?:~/|/etc/|\.)(?:\.?ssh|passwd|shadow|aws|env|netrc|id_rsa)"
        r"|\b(?:call|invoke|use|run)\b[^.!?]{0,40}\bfull (?:conversation|chat|history|context)\b"
        rf"|\breply (?:only )?with\b[^.!?]{{0,30}}{_SECRET}|\b(?:instructions?|task) (?:have|has) changed\b",
    ), ("ask ", "read", "open", "cat ", "load", "fetch", "full ", "reply", "changed")),
    ("gives the model orders in another language", re.compile(
        r"\b(?:ignora|ignorez?|ignoriere|ignoreer|olvida|oublie[zr]?|vergiss|игнорируй|забудь|dimentica|esque[cç]a)\b[^.!?]{0,40}"
        r"(?:instruc|instrucc|istruzion|anweisung|instructies|инструкц|consignes|prompt|regeln|reglas|r[eè]gles|regras)"
        r"|(?:忽略|無視|无视|忘记|忘れ)[^。！？]{0,20}(?:指令|指示|提示|说明|規則|规则)|(?:以前|これまで|上記)の(?:指示|命令)を(?:無視|忘れ)",
    ), ("ignor", "olvida", "oubli", "vergiss", "игнор", "забудь", "dimentica", "esque", "忽略", "無視", "无视", "忘")),
    ("asks for secrecy", re.compile(
        r"\b(?:do not|don't|never|must not|without)\s+(?:ever\s+)?(?:tell|inform|notify|alert|mention|reveal|disclos|show)\w*\b"
        r"[^.!?]{0,40}\b(?:the|your) (?:user|human|operator)\b|\bhide (?:this|it|that) from the (?:user|human|operator)\b",
    ), ("user", "human", "operator")),
    ("asks to run a script from the network", re.compile(r"\b(?:curl|wget)\b[^|\n]{0,200}\|\s*(?:sudo )?(?:ba|z)?sh\b"),
     ("curl", "wget")),
    ("uses the markup of a conversation", re.compile(
        r"<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)\|>|\[/?inst\]|<</?sys>>"
        r"|\bthought ?: ?.{2,200}? \baction ?:"
        r"|\bsystem ?: ?(?:new|you (?:must|are|should|will)|override|ignore|the (?:ai|assistant|model))\b|<important>"
        r"|</?(?:tool_call|tool_response|tool_result|function_call|function_results|system_prompt|system-reminder)>",
    ), ("<|", "inst]", "sys>>", "tool_", "function_", "system", "assistant", "thought", "action", "<important>")),
)  # fmt: skip
_SQUEEZED = (
    "ignoreallprevious",
    "ignorepreviousinstructions",
    "ignoreallinstructions",
    "revealyoursystemprompt",
)
_ESCAPED = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{32,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){24,}")
_ACTIVE = re.compile(
    r"\]\(\s*<?(?:javascript|vbscript|data:text/html)|\b(?:href|src)\s*=\s*[\"']?\s*(?:javascript|vbscript):"
    r"|<(?:svg|img|body|iframe|input|video)\b[^>]{0,300}?\bon(?:load|error|click|focus|mouseover)\s*=|<script\b", re.I,
)  # fmt: skip
_IMAGE = re.compile(
    r"!\[[^\]\n]{0,200}\]\(\s*<?(https?://[^\s)>]+)"
    r"|<(?:img|iframe|video|embed|source)\b[^>]{0,300}?\bsrc=[\"']?(https?://[^\s\"'>]+)"
    r"|\burl\(\s*[\"']?(https?://[^\s\"')]+)"
    r"|^\s{0,3}\[[^\]\n]{1,40}\]:\s*<?(https?://\S+\.(?:png|gif|jpe?g|svg|webp)\S*)", re.I | re.M,
)  # fmt: skip
_LINK = re.compile(r"\]\(\s*<?(https?://[^\s)>]+)|\bhref=[\"']?(https?://[^\s\"'>]+)", re.I)
_CONTROL = re.compile(r"\x1b(?!\[[0-9;]*m)|\x9b|\x9d")
_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\u180e")
_TURNS = frozenset("\u202d\u202e\u2066\u2067\u2068")
_LOOK_ALIKE = str.maketrans("аеорсухіјѕԁոαονικτΑΒΕΗΙΚΜΝΟΡΤΧ", "aeopcyxijsdnaoviktABEHIKMNOPTX")


@dataclass(frozen=True, slots=True)
class World:
    """What a case brought in, and what the tool names. texts: arguments, answers, files. named: its docstring.

    hosts: those that it declares to reach, each a name, or a pattern with `*`. beside: gives the texts of its files.
    """

    texts: Sequence[str] = ()
    named: str = ""
    hosts: Sequence[str] = ()
    beside: Callable[[], Sequence[str]] = tuple

    @property
    def every(self) -> Iterator[str]:
        """All that it brought in; what costs more to get comes last."""
        yield from self.texts
        yield from self.beside()

    def brought(self, phrase: str) -> bool:
        """True for words that did not come from the code."""
        return any(_squeezed(phrase) in _squeezed(text) for text in self.every)

    def holds(self, char: str) -> bool:
        return any(char in unescaped(text) for text in self.every)

    def knows(self, host: str) -> bool:
        """True for a host that the tool names, declares or was given."""
        parts = host.lower().removeprefix("www.").split(".")
        label = parts[-2] if len(parts) > 1 else parts[0]
        text = self.named.lower()
        declared = (h.rpartition(":")[0] or h for h in self.hosts)
        return (
            host in text
            or (len(label) > 3 and re.search(rf"\b{re.escape(label)}\b", text) is not None)
            or any(d in ("*", host) or (d.startswith("*.") and host.endswith(d[1:])) for d in declared)
            or any(host in each.lower() for each in self.every)
        )


def spoken(outputs: Iterable[str], world: World) -> Iterator[str]:
    """One line for each kind of thing that an answer should not hold."""
    texts, left = [], _MOST
    for output in dict.fromkeys(outputs):
        texts.append(unescaped(output[: max(left, 0)]))
        left -= len(output)
    whole = "\n".join(texts)
    for view in dict.fromkeys((whole, plainly(whole), _joined(texts))):
        found = list(_orders(view, world))
        if found:
            yield from found
            break
    else:
        coded = ("\n".join(_decoded(whole)), codecs.encode(whole, "rot13"), whole[::-1])
        yield from _first(f"{each}, encoded" for view in coded for each in _orders(view, world))
    yield from _hidden(whole, world)
    yield from _shown(whole, world)


def unescaped(text: str) -> str:
    """A text in which `repr` wrote characters as `\\u200b` and the like, with these characters."""
    return _ESCAPED.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    number = int(match[1] or match[2] or match[3], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else match[0]


def plainly(text: str) -> str:
    """Letters that look like Latin ones as these, without what is not seen between them."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text).translate(_LOOK_ALIKE)
    return "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Mn"))


def _orders(text: str, world: World) -> Iterator[str]:
    lower = " ".join(text.lower().split())
    for what, pattern, needs in _ORDERS:
        if any(word in lower for word in needs):
            matches = (m[0] for m in pattern.finditer(lower))
            said = next((m for m in matches if not world.brought(m)), "")
            if said:
                yield f"its answer {what}: '{said[:80]}'"
                return
    squeezed = _squeezed(lower)
    said = next((s for s in _SQUEEZED if s in squeezed and not world.brought(s)), "")
    if said:
        yield f"its answer gives the model orders: '{said}'"


def _first(found: Iterator[str]) -> list[str]:
    return list(islice(found, 1))


def _joined(texts: Sequence[str]) -> str:
    """Answers one after the other, without what they all begin with: a sentence may come in parts."""
    kept = [t.strip().strip("'\"") for t in texts[:2000] if t.strip()]
    if len(kept) < 2:
        return ""
    low, high = min(kept), max(kept)
    same = next((n for n, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))
    return " ".join(t[same:] for t in kept)[:200_000]


def _decoded(text: str) -> Iterator[str]:
    """Runs of base64 and hex that spell a text."""
    for pattern, decode in ((_BASE64, base64.b64decode), (_HEX, bytes.fromhex)):
        for match in islice(pattern.finditer(text), 200):
            run = match[0].rstrip("=")
            padded = run + "=" * (-len(run) % 4) if pattern is _BASE64 else run
            try:
                inner = decode(padded).decode("utf-8")
            except (ValueError, binascii.Error):
                continue
            yield inner


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", plainly(unescaped(text)).lower())


def _hidden(text: str, world: World) -> Iterator[str]:
    control = _CONTROL.search(text)
    if control and not world.holds(control[0][0]):
        yield "its answer holds commands for a terminal"
    if text.isascii():
        return
    tags = {c for c in text if 0xE0000 <= ord(c) <= 0xE01EF} if "\U0001f3f4" not in text else set()
    turns, zero = _TURNS & set(text), [c for c in text if c in _ZERO_WIDTH]
    if tags and not all(map(world.holds, tags)):
        spelt = "".join(chr(ord(c) & 0x7F) for c in text if 0xE0020 <= ord(c) < 0xE007F)
        yield "its answer holds characters that nobody sees" + (
            f"; they spell '{spelt[:80]}'" if spelt else ""
        )
    elif turns and not all(map(world.holds, turns)):
        yield "its answer holds marks that turn the direction of what is read"
    elif len(zero) > 15 and len(zero) > _joiners(text) * 2 and not all(map(world.holds, set(zero))):
        yield "its answer holds characters of no width, enough to hide a text"


def _joiners(text: str) -> int:
    """Joiners that stand between emoji, or letters of a script that needs them."""
    inner = zip(text, text[1:], text[2:], strict=False)
    return sum(
        b in "\u200c\u200d" and min(ord(a), ord(c)) > 0x5FF and not {a, c} & _ZERO_WIDTH for a, b, c in inner
    )


def _shown(text: str, world: World) -> Iterator[str]:
    """What runs when it is shown, pictures of hosts that the tool does not name, links there with an argument in them."""
    active = _ACTIVE.search(text)
    if active and not world.brought(active[0]):
        yield f"its answer holds what runs when it is shown: '{active[0][:60]}'"
    for match in islice(_IMAGE.finditer(text), 200):
        host = _host(next(filter(None, match.groups()), ""))
        if host and not world.knows(host):
            yield f"its answer shows a picture from {host}, which it does not name"
            return
    for match in islice(_LINK.finditer(text), 200):
        url = match[1] or match[2]
        host = _host(url)
        if host and not world.knows(host) and _carries(url, world):
            yield f"its answer links to {host}, which it does not name, with what it was given"
            return


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _carries(url: str, world: World) -> bool:
    """True for a link with an argument in it, plain or encoded."""
    try:
        parts = urlsplit(url)
        values = [v for _, v in parse_qsl(parts.query)] + parts.path.split("/")
    except ValueError:
        return True
    words = [_squeezed(v) for each in values for v in (unquote(each), *_decoded(each))]
    return any(len(word) > 3 and word in _squeezed(text) for word in words for text in world.texts)
