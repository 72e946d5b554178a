"""Let go of a granted connection, and take the same socket elsewhere."""

META = {"group": "network", "seen": "net:", "effects": ["net: 127.0.0.1:{other_port}"]}


def attack():
    import socket
    s = socket.socket()
    s.settimeout(1)
    try:
        s.connect(("127.0.0.1", T["other_port"]))
    except OSError:
        pass
    libc.connect(s.fileno(), bytes(16), 16)
    try:
        s.connect(("127.0.0.1", T["tcp_port"]))
        data = s.recv(64)
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED" if T["secret"].encode() in data else "contained"
