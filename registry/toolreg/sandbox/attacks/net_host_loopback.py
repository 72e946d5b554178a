"""Reach a service on the host's loopback."""

META = {"group": "network", "seen": "net:127.0.0.1:"}


def attack():
    import socket
    try: s = socket.create_connection(("127.0.0.1", T["tcp_port"]), timeout=2); d = s.recv(64)
    except OSError as e: return f"contained: {e}"
    return "ESCAPED: host loopback service" if T["secret"].encode() in d else "contained"
