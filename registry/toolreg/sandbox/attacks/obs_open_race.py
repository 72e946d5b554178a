"""Flip the path between the supervisor's look and the kernel's use."""

META = {"group": "observation", "seen": "read:", "effects": ["read: input.txt"]}


def attack():
    import threading
    import time

    good, bad = b"input.txt\0", T["secret_file"].encode() + b"\0"
    size = max(len(good), len(bad))
    shared = ctypes.create_string_buffer(good, size)
    done = []

    def flip():
        while not done:
            ctypes.memmove(shared, bad, len(bad))
            ctypes.memmove(shared, good, len(good))

    threading.Thread(target=flip, daemon=True).start()
    end = time.time() + 1
    try:
        while time.time() < end:
            handle, _ = sysc("openat", -100, shared, 0)
            if handle >= 0:
                data = os.read(handle, 100)
                os.close(handle)
                if T["secret"].encode() in data:
                    return "ESCAPED: the flip won"
    finally:
        done.append(1)
    return "contained"
