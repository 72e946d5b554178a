"""The only way out of a call: names it may know, connections made in its place."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from toolreg.effects import Effect, split_host
from toolreg.sandbox.backends.linux import dns, guard, relay
from toolreg.sandbox.policy import Policy

_WEB_PORTS = (80, 443)
_DNS_PORT = 53
_MOST_WAITING = 256  # a listener holds 64
_LOOPBACK = ("127.0.0.1", "::1")


@dataclass(slots=True)
class Connection:
    """One attempt to reach a host. error: why it failed or was refused; empty where it stood."""

    host: str
    port: int
    granted: bool
    error: str = ""
    traffic: relay.Traffic = field(default_factory=relay.Traffic)


def target_of(host: str, port: int) -> str:
    """`host[:port]` as effects write it."""
    shown = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return shown if port in _WEB_PORTS else f"{shown}:{port}"


class Egress:
    """Answers a call's name questions and accepts its connections; sockets live in the call's network."""

    def __init__(self, sockets: list[socket.socket], policy: Policy) -> None:
        self._names_socket = sockets[0] if sockets else None
        self._listeners = sockets[1:]
        self._policy = policy
        self._names = dns.Names()
        self._threads: list[threading.Thread] = []
        self._stop, self._stopped = socket.socketpair()
        self.connections: list[Connection] = []
        self.refused_names: dict[str, int] = {}
        for each in sockets:
            each.setblocking(False)

    def descriptors(self) -> list[int]:
        return [each.fileno() for each in self._sockets()]

    def serve(self, descriptor: int, _: int = 0) -> None:
        """Handle what is ready on one of the descriptors."""
        if self._names_socket is not None and descriptor == self._names_socket.fileno():
            self._name(self._names_socket)
            return
        for listener in self._listeners:
            if listener.fileno() == descriptor:
                self._accept(listener)

    def drain(self) -> None:
        """Take what was asked for before the call ended and has not been looked at. Connections that wait are made."""
        for each in self._sockets():
            for _ in range(_MOST_WAITING):
                if not (self._name(each) if each is self._names_socket else self._accept(each)):
                    break

    def host_at(self, address: str) -> str:
        """The name behind an address inside."""
        return self._names.name(address)

    def close(self) -> None:
        """End every connection and wait for their threads."""
        self._stop.close()
        for each in self._sockets():
            each.close()
        for thread in self._threads:
            thread.join(timeout=15)
        self._stopped.close()

    def stand_in(self, address: str, port: int) -> socket.socket | None:
        """A connected socket for a call that has no network of its own; None where the host is not granted."""
        if port == _DNS_PORT:
            inner, given = _pair()
            self._start(self._names_over_stream, inner)
            return given
        connection = self._judge(address, port)
        if connection.error:
            return None
        inner, given = _pair()
        self._start(self._run, inner, connection)
        return given

    def _sockets(self) -> list[socket.socket]:
        return [each for each in (self._names_socket, *self._listeners) if each is not None]

    def _name(self, names: socket.socket) -> bool:
        """Answer one question; False if there is none."""
        try:
            packet, asker = names.recvfrom(4096)
        except OSError:
            return False
        with contextlib.suppress(OSError):  # the asker may be gone
            names.sendto(self._answer(packet), asker)
        return True

    def _names_over_stream(self, inner: socket.socket) -> None:
        """Questions with their length in front, as resolvers send them over TCP."""
        with inner:
            inner.settimeout(self._policy.limits.wall)
            while not select.select([self._stopped], [], [], 0)[0]:
                try:
                    length = int.from_bytes(inner.recv(2, socket.MSG_WAITALL), "big")
                    reply = self._answer(inner.recv(length, socket.MSG_WAITALL)) if length else b""
                    inner.sendall(len(reply).to_bytes(2, "big") + reply)
                except OSError:
                    return
                if not length:
                    return

    def _answer(self, packet: bytes) -> bytes:
        question = dns.parse(packet)
        return dns.answer(packet, question, self._address(question.name) if question else None)

    def _address(self, name: str) -> str | None:
        if name in ("localhost",):
            return _LOOPBACK[0]
        if self._knows(name):
            try:
                return self._names.address(name)
            except ValueError:
                return None
        if len(self.refused_names) < 1000:
            self.refused_names[name] = self.refused_names.get(name, 0) + 1
        return None

    def _knows(self, name: str) -> bool:
        """True if the policy grants this host at any port."""
        hosts = (split_host(effect.target)[0] for effect in self._policy.of("net"))
        return any(Effect("net", host).covers(Effect("net", name)) for host in hosts)

    def _accept(self, listener: socket.socket) -> bool:
        """Take one connection; False if there is none."""
        try:
            inner, _ = listener.accept()
        except OSError:
            return False
        address, port = inner.getsockname()[:2]
        connection = self._judge(str(address), port)
        if connection.error:
            _reset(inner)
        else:
            self._start(self._run, inner, connection)
        return True

    def _judge(self, address: str, port: int) -> Connection:
        """Note an attempt, and whether it may go on."""
        host = self._names.name(address.removeprefix("::ffff:"))
        if host in _LOOPBACK and self._granted("localhost", port):
            host = "localhost"
        granted = self._granted(host, port)
        connection = Connection(host, port, granted, "" if granted else "not declared")
        if len(self.connections) < 10_000:
            self.connections.append(connection)
        alive = sum(thread.is_alive() for thread in self._threads)
        if alive >= self._policy.limits.connections:
            connection.error = connection.error or "too many connections"
        return connection

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _granted(self, host: str, port: int) -> bool:
        literal = f"[{host}]" if ":" in host else host
        return any(effect.covers(Effect("net", f"{literal}:{port}")) for effect in self._reading())

    def _reading(self) -> list[Effect]:
        return [Effect("net", effect.target) for effect in self._policy.of("net")]

    def _run(self, inner: socket.socket, connection: Connection) -> None:
        try:
            outer = self._dial(connection.host, connection.port)
        except Exception as error:  # noqa: BLE001 - the harness's own network may fail in any way
            connection.error = str(error) or type(error).__name__
            _reset(inner)
            return
        with inner, outer:
            relay.run(inner, outer, connection.traffic, self._stopped)

    def _dial(self, host: str, port: int) -> socket.socket:
        if self._policy.network is not None:
            return self._policy.network.connect(host, port)
        return guard.dial(host, port)


def _reset(channel: socket.socket) -> None:
    """Close so that the other side sees a refusal rather than an empty answer."""
    with channel:
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _pair() -> tuple[socket.socket, socket.socket]:
    """Two connected TCP sockets of this machine. TCP, because clients set TCP options on theirs."""
    with socket.create_server(("127.0.0.1", 0), backlog=1) as listener:
        given = socket.create_connection(listener.getsockname())
        while True:
            inner, peer = listener.accept()
            if peer == given.getsockname():
                return inner, given
            inner.close()  # somebody else was quicker than we
