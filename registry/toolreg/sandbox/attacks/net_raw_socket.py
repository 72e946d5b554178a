"""Raw and packet sockets."""

META = {"group": "network", "seen": "native:socket"}


def attack():
    import socket

    for family, kind, protocol in ((2, 3, 1), (2, 3, 255), (17, 3, 768), (10, 3, 58), (2, 2, 1)):
        try:
            socket.socket(family, kind, protocol).close()
        except OSError:
            continue
        return f"ESCAPED: {family} {kind} {protocol}"
    return "contained"
