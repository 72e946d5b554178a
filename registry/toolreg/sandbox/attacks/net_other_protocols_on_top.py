"""Turn an ordinary TCP socket into another kind."""

META = {"group": "network", "seen": "net:127.0.0.1"}


def attack():
    import socket
    taken = []
    for name in (b"smc", b"mptcp", b"espintcp", b"rds"):
        with socket.socket() as s:
            try:
                s.setsockopt(socket.IPPROTO_TCP, 31, name)
                taken.append(name)
            except OSError:
                continue
    with socket.socket() as s:
        s.settimeout(1)
        try:
            s.connect(("127.0.0.1", T["tcp_port"]))
            if T["secret"].encode() in s.recv(64):
                return "ESCAPED: connected"
        except OSError:
            pass
    return f"contained: {taken}"
