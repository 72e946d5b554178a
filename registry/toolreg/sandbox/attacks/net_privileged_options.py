"""Options of sockets that take other machines' places, or more than their share."""

META = {"group": "network"}


def attack():
    import socket
    taken = []
    for level, option, value in ((socket.SOL_SOCKET, 36, 7), (socket.SOL_IP, 19, 1), (socket.IPPROTO_IPV6, 75, 1), (socket.IPPROTO_TCP, 19, 1), (socket.SOL_SOCKET, 32, 1 << 26), (socket.SOL_SOCKET, 33, 1 << 26)):
        with socket.socket() as channel:
            try:
                channel.setsockopt(level, option, value)
                taken.append((level, option))
            except OSError:
                pass
    return f"ESCAPED: {taken}" if taken else "contained"
