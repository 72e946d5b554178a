"""A literal address at the port of a declared host."""

META = {"group": "network", "seen": "net:", "effects": ["net: api.example.com:{tcp_port}"]}


def attack():
    import socket

    for address in ("127.0.0.1", "127.0.0.2", "::1"):
        try:
            channel = socket.create_connection((address, T["tcp_port"]), timeout=1)
            if T["secret"].encode() in channel.recv(64):
                return f"ESCAPED: {address}"
        except OSError:
            pass
    return "contained"
