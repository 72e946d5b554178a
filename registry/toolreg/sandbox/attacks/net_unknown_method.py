"""A method that no list of changing methods has."""

META = {"group": "network", "seen": "(writes)", "effects": ["net: localhost:{tcp_port}"]}


def attack():
    import socket
    with socket.create_connection(("localhost", T["tcp_port"]), timeout=2) as s:
        s.sendall(b"PROPPATCH /a?b HTTP/1.1\r\nHost: localhost\r\n\r\n")
        s.recv(64)
    return "CHECK: the record must tell of a write"
