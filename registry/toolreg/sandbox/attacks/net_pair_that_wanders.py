"""Connect an end of a socket pair to the host's sockets."""

META = {"group": "network"}


def attack():
    import socket, struct
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
        try:
            one, other = socket.socketpair(socket.AF_UNIX, kind)
        except OSError:
            continue
        for address in (T["sock_path"], T["letter_path"], "\0" + T["abstract"]):
            try:
                one.connect(address)
                one.send(b"told")
                if T["secret"].encode() in one.recv(64):
                    return f"ESCAPED: {address}"
            except OSError:
                pass
            try:
                one.sendto(b"told", address)
            except OSError:
                pass
    return "CHECK: nothing may have been told"
