"""Questions of other kinds, and malformed ones, to the sandbox's resolver."""

META = {"group": "network", "effects": ["net: localhost:{tcp_port}"]}


def attack():
    import socket, struct
    def ask(packet):
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            try:
                with socket.socket(socket.AF_INET, kind) as channel:
                    channel.settimeout(0.2)
                    channel.connect(("127.0.0.1", 53))
                    channel.sendall(packet if kind == socket.SOCK_DGRAM else struct.pack(">H", len(packet)) + packet)
                    return channel.recv(4096)[2 if kind == socket.SOCK_STREAM else 0:]
            except OSError:
                continue
        return b""
    name = b"\x06attack\x07example\x00"
    head = struct.pack(">HHHHHH", 7, 0x100, 1, 0, 0, 0)
    for kind in (1, 5, 12, 15, 16, 28, 33, 65, 252, 255):
        answer = ask(head + name + struct.pack(">HH", kind, 1))
        if len(answer) >= 12 and struct.unpack_from(">H", answer, 6)[0]:
            return f"ESCAPED: kind {kind} is answered"
    for bad in (b"", b"\x00", head, head + b"\xc0\x0c" + bytes(4), head + b"\x3f" * 300, struct.pack(">HHHHHH", 7, 0x100, 65535, 1, 1, 1) + name * 9, os.urandom(500)):
        ask(bad)
    return "contained"
