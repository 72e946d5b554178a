"""A datagram to a listener on the host."""

META = {"group": "network"}


def attack():
    import socket

    try:
        channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        channel.settimeout(0.5)
        channel.sendto(b"x", ("127.0.0.1", T["udp_port"]))
        channel.recv(10)
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED: datagram answered"
