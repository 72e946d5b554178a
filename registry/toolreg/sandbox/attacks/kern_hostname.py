"""Rename the machine."""

META = {"group": "kernel interfaces", "seen": "native:sethostname"}


def attack():
    import socket

    try:
        socket.sethostname("owned")
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED: renamed"
