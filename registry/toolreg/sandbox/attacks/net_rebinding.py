"""A declared name that leads to this machine."""

META = {"group": "network", "seen": "net:", "effects": ["net: {local_name}:{tcp_port}"]}


def attack():
    import socket

    try:
        data = socket.create_connection((T["local_name"], T["tcp_port"]), timeout=3).recv(64)
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED" if T["secret"].encode() in data else "contained"
