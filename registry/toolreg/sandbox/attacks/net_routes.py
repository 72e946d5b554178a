"""Change routes and addresses over netlink."""

META = {"group": "network"}


def attack():
    import socket

    try:
        channel = socket.socket(16, 3, 0)
        channel.send(bytes(64))
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED: netlink"
