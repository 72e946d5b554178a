"""Which addresses a public name may lead to: a name that answers with the user's own network is a trick."""

from __future__ import annotations

import ipaddress
import socket

_Address = tuple[socket.AddressFamily, tuple[str, int]]
_LOCAL_NAMES = ("localhost", "ip6-localhost")


class Refused(OSError):
    """The host may not be reached; the text says why."""


def is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def resolve(host: str, port: int) -> list[_Address]:
    """Addresses to dial.

    Raises Refused for a public name that leads to a private address, OSError if unknown.
    """
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    addresses: list[_Address] = [(family, (str(address[0]), port)) for family, _, _, _, address in found]
    if is_literal(host) or host in _LOCAL_NAMES:
        return addresses
    allowed: list[_Address] = [(family, address) for family, address in addresses if is_public(address[0])]
    if not allowed:
        raise Refused(f"{host} leads to {addresses[0][1][0]}, which is no public address")
    return allowed


def is_public(address: str) -> bool:
    """False for loopback, link-local (and with it cloud metadata), private, shared and multicast addresses."""
    parsed = ipaddress.ip_address(address.split("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if parsed in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)))
    return parsed.is_global and not parsed.is_multicast


def dial(host: str, port: int, timeout: float = 10.0) -> socket.socket:
    """Connect to a host; the address that was judged is the one that is dialled."""
    last: OSError = OSError(f"{host} has no address")
    for family, address in resolve(host, port):
        channel = socket.socket(family, socket.SOCK_STREAM)
        channel.settimeout(timeout)
        try:
            channel.connect(address)
        except OSError as error:
            channel.close()
            last = error
            continue
        return channel
    raise last
