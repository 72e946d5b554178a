"""The sandbox's own resolver: a granted name gets an address that stands for it, any other does not exist."""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass, field

_A, _AAAA, _ANY = 1, 28, 255
_NO_ERROR, _FORMAT_ERROR, _NO_SUCH_NAME = 0, 1, 3
_FIRST = int(ipaddress.IPv4Address("198.18.0.1"))  # a range kept for benchmarks, never a real host
_MOST_NAMES = 4096


@dataclass(slots=True)
class Names:
    """Addresses handed out, in both directions."""

    by_name: dict[str, str] = field(default_factory=dict)
    by_address: dict[str, str] = field(default_factory=dict)

    def address(self, name: str) -> str:
        if name not in self.by_name:
            if len(self.by_name) >= _MOST_NAMES:
                raise ValueError("too many names")
            address = str(ipaddress.IPv4Address(_FIRST + len(self.by_name)))
            self.by_name[name], self.by_address[address] = address, name
        return self.by_name[name]

    def name(self, address: str) -> str:
        """The host that an address stands for; the address itself where it was not handed out."""
        return self.by_address.get(address, address)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a query; end: where it ends in the packet."""

    name: str
    kind: int
    end: int


def parse(packet: bytes) -> Question | None:
    """The question of a query; None for anything that is not one plain question."""
    if len(packet) < 17 or struct.unpack_from(">H", packet, 4)[0] != 1 or packet[2] & 0xF8:
        return None
    labels, at = [], 12
    while at < len(packet) and packet[at]:
        length = packet[at]
        if length > 63 or at + 1 + length >= len(packet):
            return None
        labels.append(packet[at + 1 : at + 1 + length].decode("latin-1"))
        at += 1 + length
    if at + 5 > len(packet) or not labels:
        return None
    name = ".".join(labels).lower()
    return Question(name, struct.unpack_from(">H", packet, at + 1)[0], at + 5) if len(name) < 254 else None


def answer(packet: bytes, question: Question | None, address: str | None) -> bytes:
    """The reply: `address` for an IPv4 question, nothing for other kinds, no such name where it is None."""
    if question is None:
        return packet[:2] + struct.pack(">HHHHH", 0x8180 | _FORMAT_ERROR, 0, 0, 0, 0)
    wants = address is not None and question.kind in (_A, _ANY)
    code = _NO_ERROR if address is not None else _NO_SUCH_NAME
    head = packet[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, int(wants), 0, 0) + packet[12 : question.end]
    if not wants or address is None:
        return head
    return head + b"\xc0\x0c" + struct.pack(">HHIH", _A, 1, 60, 4) + ipaddress.IPv4Address(address).packed
