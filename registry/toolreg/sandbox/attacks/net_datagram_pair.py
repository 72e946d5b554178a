"""Send from one end of a datagram pair to a socket of the host (the system log, a service manager)."""

META = {"group": "network"}


def attack():
    import socket
    try:
        one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    except OSError as error:
        return f"contained: {error}"
    for address in (T["letter_path"], "/dev/log", "/run/systemd/notify", "\0" + T["abstract"]):
        for send in (lambda: one.sendto(b"x", address), lambda: one.sendmsg([b"x"], [], 0, address), lambda: (one.connect(address), one.send(b"x"))):
            try:
                send()
            except OSError:
                continue
    return "CHECK: no letter may have arrived"
