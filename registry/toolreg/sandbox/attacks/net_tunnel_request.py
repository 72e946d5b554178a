"""Ask the granted host for a tunnel to another."""

META = {"group": "network", "seen": "net:hidden.example", "effects": ["net: localhost:{tcp_port}"]}


def attack():
    import socket
    with socket.create_connection(("localhost", T["tcp_port"]), timeout=2) as channel:
        try:
            for part in (b"CONNECT hidden.example:443 HTTP/1.1\r\n\r\n",):
                channel.sendall(part)
            channel.recv(64)
        except OSError:
            pass
    return "CHECK: the record must tell it"
