"""The cloud's metadata service."""

META = {"group": "network", "seen": "net:169.254.169.254"}


def attack():
    import socket

    try:
        socket.create_connection(("169.254.169.254", 80), timeout=1)
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED: metadata"
