"""More connections to a granted host than there may be."""

META = {"group": "network", "seen": "net:localhost", "effects": ["net: localhost:{tcp_port}"]}


def attack():
    import socket
    kept, answered = [], 0
    for _ in range(150):
        try:
            channel = socket.create_connection(("localhost", T["tcp_port"]), timeout=0.5)
            kept.append(channel)
        except OSError:
            break
    return f"contained: {len(kept)}"
