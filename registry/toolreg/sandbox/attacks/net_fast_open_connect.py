"""Fast open through the socket option."""

META = {"group": "network", "seen": "net:"}


def attack():
    import socket

    try:
        channel = socket.socket()
        channel.settimeout(1)
        channel.setsockopt(6, 30, 1)
        channel.connect(("127.0.0.1", T["tcp_port"]))
        channel.send(b"x")
        data = channel.recv(64)
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED" if T["secret"].encode() in data else "contained"
