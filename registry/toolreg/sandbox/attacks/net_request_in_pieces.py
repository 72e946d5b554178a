"""A deletion, a few letters at a time."""

META = {"group": "network", "seen": "(deletes)", "effects": ["net: localhost:{tcp_port}"]}


def attack():
    import socket
    with socket.create_connection(("localhost", T["tcp_port"]), timeout=2) as channel:
        try:
            for part in (b"DE", b"LE", b"TE", b" /a", b" HT", b"TP/1", b".1\r", b"\nHost: localhost\r\n\r\n"):
                channel.sendall(part)
            channel.recv(64)
        except OSError:
            pass
    return "CHECK: the record must tell it"
