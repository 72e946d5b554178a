"""Protocols beside TCP and UDP over plain sockets."""

META = {"group": "network", "seen": "native:socket"}


def attack():
    import socket
    made = []
    for family in (socket.AF_INET, socket.AF_INET6):
        for kind, protocol in ((2, 136), (2, 1), (2, 58), (1, 132), (1, 262), (6, 33), (5, 132), (3, 255), (10, 0)):
            try:
                socket.socket(family, kind, protocol).close()
                made.append((int(family), kind, protocol))
            except OSError:
                pass
    return f"ESCAPED: {made}" if made else "contained"
