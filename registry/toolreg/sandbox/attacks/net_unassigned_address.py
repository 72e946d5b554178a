"""An address of the sandbox's own range that nobody was given."""

META = {"group": "network", "seen": "net:198.1", "effects": ["net: localhost:{tcp_port}"]}


def attack():
    import socket
    for address in ("198.18.0.1", "198.18.0.77", "198.19.255.255"):
        try:
            with socket.create_connection((address, T["tcp_port"]), timeout=1) as channel:
                if T["secret"].encode() in channel.recv(64):
                    return f"ESCAPED: {address}"
        except OSError:
            pass
    return "contained"
