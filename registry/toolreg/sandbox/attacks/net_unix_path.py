"""A Unix socket of the host by its path."""

META = {"group": "network"}


def attack():
    import socket

    try:
        channel = socket.socket(socket.AF_UNIX)
        channel.settimeout(1)
        channel.connect(T["sock_path"])
        data = channel.recv(64)
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED" if T["secret"].encode() in data else "contained"
