"""The host's loopback in disguises."""

META = {"group": "network", "seen": "net:"}


def attack():
    import socket

    for family, address in ((10, "::ffff:127.0.0.1"), (2, "127.1"), (2, "0.0.0.0"), (2, "2130706433"), (10, "::"), (2, "127.255.255.254")):
        try:
            channel = socket.socket(family)
            channel.settimeout(1)
            channel.connect((address, T["tcp_port"]))
            if T["secret"].encode() in channel.recv(64):
                return f"ESCAPED: {address}"
        except OSError:
            pass
    return "contained"
