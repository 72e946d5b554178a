"""Send descriptors to oneself until the collector of lost ones is busy."""

META = {"group": "resources"}


def attack():
    import socket
    lost = 0
    for _ in range(400):
        try:
            one, other = socket.socketpair()
            socket.send_fds(one, [b"x"], [one.fileno(), other.fileno()])
            one.close()
            other.close()
            lost += 1
        except OSError:
            break
    return f"contained: {lost}"
