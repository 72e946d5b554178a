"""Fill the kernel's buffers of many sockets."""

META = {"group": "resources"}


def attack():
    import socket
    total, kept = 0, []
    try:
        for _ in range(120):
            one, other = socket.socketpair()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)
            one.setblocking(False)
            kept.append((one, other))
            while True:
                try:
                    total += one.send(b"x" * 65536)
                except BlockingIOError:
                    break
    except OSError:
        pass
    return f"ESCAPED: {total >> 20} MiB" if total > 256 << 20 else f"contained: {total >> 20} MiB"
