"""Hide open descriptors in sockets, where no limit counts them."""

META = {"group": "resources"}


def attack():
    import socket
    one, other = socket.socketpair()
    one.setblocking(False)
    hidden = 0
    try:
        for _ in range(5000):
            handles = [os.open("/dev/null", os.O_RDONLY) for _ in range(50)]
            socket.send_fds(one, [b"x"], handles)
            for handle in handles:
                os.close(handle)
            hidden += len(handles)
    except OSError:
        pass
    return f"ESCAPED: {hidden}" if hidden > 5000 else f"contained: {hidden}"
