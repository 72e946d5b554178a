"""HTTP/2 without asking for it."""

META = {"group": "network", "seen": "(writes)", "effects": ["net: localhost:{tcp_port}"]}


def attack():
    import socket
    with socket.create_connection(("localhost", T["tcp_port"]), timeout=2) as channel:
        try:
            for part in (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00",):
                channel.sendall(part)
            channel.recv(64)
        except OSError:
            pass
    return "CHECK: the record must tell it"
