"""Read a secret through every call that opens."""

META = {"group": "observation", "seen": "read:{secret_file}"}


def attack():
    import struct
    path = T["secret_file"].encode()
    tries = [("open", path, 0, 0), ("openat", -100, path, 0, 0), ("openat", 9999, path, 0, 0), ("creat", path, 0o600),
             ("openat2", -100, path, struct.pack("QQQ", 0, 0, 0), 24), ("open", path, os.O_PATH, 0), ("openat", -100, path, 0o2000000 | 0o100000, 0)]
    for name, *arguments in tries:
        result, _ = sysc(name, *arguments)
        if result >= 0:
            try:
                if T["secret"].encode() in os.read(result, 100):
                    return f"ESCAPED: {name}"
            except OSError:
                continue
    return "contained"
