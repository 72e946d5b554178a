"""The host's loopback, spelt as few would."""

META = {"group": "network", "seen": "net:"}


def attack():
    import socket
    for family, address in ((2, "0177.0.0.1"), (2, "0x7f.1"), (2, "0x7f000001"), (2, "017700000001"), (2, "127.0.1"), (10, "::127.0.0.1"),
                            (10, "64:ff9b::7f00:1"), (10, "2002:7f00:1::"), (10, "::ffff:0:127.0.0.1"), (10, "0:0:0:0:0:ffff:7f00:1")):
        try:
            with socket.socket(family) as channel:
                channel.settimeout(0.3)
                channel.connect((address, T["tcp_port"]))
                if T["secret"].encode() in channel.recv(64):
                    return f"ESCAPED: {address}"
        except OSError:
            pass
    return "contained"
