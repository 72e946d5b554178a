"""Write to a server that may only be read, in a form that strict parsers miss."""

META = {"group": "network", "seen": "(writes)", "effects": ["net: localhost:{tcp_port}"]}


def attack():
    import socket
    with socket.create_connection(("localhost", T["tcp_port"]), timeout=2) as s:
        s.sendall(b"post\t/a  HTTP/1.1\nHost: localhost\n\n")
        s.recv(64)
    return "CHECK: the record must tell of a write"
