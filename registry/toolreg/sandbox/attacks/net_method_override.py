"""A deletion that calls itself a read."""

META = {"group": "network", "seen": "(deletes)", "effects": ["net: localhost:{tcp_port}"]}


def attack():
    import socket
    with socket.create_connection(("localhost", T["tcp_port"]), timeout=2) as channel:
        try:
            for part in (b"GET /a HTTP/1.1\r\nHost: localhost\r\nx-http-method-override: delete\r\n\r\n",):
                channel.sendall(part)
            channel.recv(64)
        except OSError:
            pass
    return "CHECK: the record must tell it"
