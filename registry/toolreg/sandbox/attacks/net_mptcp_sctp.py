"""MPTCP/SCTP/UDP-Lite/DCCP sockets: Landlock's TCP rules cover IPPROTO_TCP only."""

META = {"group": "network", "seen": "native:socket"}


def attack():
    import socket
    for n, t, p in (("MPTCP", 1, 262), ("SCTP", 1, 132), ("SMC", 1, 256)):
        try:
            s = socket.socket(socket.AF_INET, t, p); s.settimeout(2); s.connect(("127.0.0.1", T["tcp_port"]))
            if T["secret"].encode() in s.recv(64): return f"ESCAPED: {n}"
        except OSError as e: last = f"{n} {e}"
    return "contained: " + last
