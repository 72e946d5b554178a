"""Another port of a declared host."""

META = {"group": "network", "seen": "net:", "effects": ["net: 127.0.0.1:{other_port}"]}


def attack():
    import socket

    try:
        data = socket.create_connection(("127.0.0.1", T["tcp_port"]), timeout=1).recv(64)
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED" if T["secret"].encode() in data else "contained"
