"""The host's loopback by IPv6."""

META = {"group": "network", "seen": "net:[::1]:"}


def attack():
    import socket

    try:
        channel = socket.create_connection(("::1", T["tcp_port"]), timeout=1)
        data = channel.recv(64)
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED" if T["secret"].encode() in data else "contained"
