"""A write hidden in a chunk."""

META = {"group": "network", "seen": "(writes)", "effects": ["net: localhost:{tcp_port}"]}


def attack():
    import socket
    with socket.create_connection(("localhost", T["tcp_port"]), timeout=2) as channel:
        try:
            for part in (b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n25\r\n", b"PUT /a HTTP/1.1\r\nHost: localhost\r\n\r\n0\r\n\r\n"):
                channel.sendall(part)
            channel.recv(64)
        except OSError:
            pass
    return "CHECK: the record must tell it"
