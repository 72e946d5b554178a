"""Connect by TCP fast open, which Landlock does not see."""

META = {"group": "network"}


def attack():
    import socket

    try:
        channel = socket.socket()
        channel.settimeout(1)
        channel.sendto(b"x", 0x20000000, ("127.0.0.1", T["tcp_port"]))
        data = channel.recv(64)
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED: fast open" if T["secret"].encode() in data else "contained"
