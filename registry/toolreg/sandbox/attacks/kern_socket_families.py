"""AF_PACKET/ALG/VSOCK/NETLINK/TIPC/KEY/XDP/BLUETOOTH sockets."""

META = {"group": "kernel interfaces", "seen": "native:socket"}


def attack():
    import socket
    ok = []
    for n, f, t in (("PACKET", 17, 3), ("ALG", 38, 5), ("VSOCK", 40, 1), ("NETLINK", 16, 3), ("KEY", 15, 3), ("RDS", 21, 5), ("TIPC", 30, 2), ("BT", 31, 3), ("XDP", 44, 3), ("CAN", 29, 3), ("QIPCRTR", 42, 2), ("SMC", 43, 1)):
        try: socket.socket(f, t).close(); ok.append(n)
        except OSError: pass
    return f"ESCAPED: {ok}" if ok else "contained"
