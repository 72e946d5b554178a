"""Attach a BPF program to a socket by descriptor."""

META = {"group": "kernel interfaces"}


def attack():
    import socket

    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).setsockopt(socket.SOL_SOCKET, 50, 0)
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED"
