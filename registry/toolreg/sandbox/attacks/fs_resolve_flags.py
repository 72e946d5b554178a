"""Let openat2 resolve the path in other ways."""

META = {"group": "files", "seen": "read:{secret_file}"}


def attack():
    import struct
    top = os.open("/", os.O_PATH | os.O_DIRECTORY)
    for resolve in (0, 0x10, 0x08, 0x02, 0x20, 0x01):
        for path in (T["secret_file"], T["secret_file"].lstrip("/"), "proc/self/root" + T["secret_file"], "../../.." + T["secret_file"]):
            result, _ = sysc("openat2", top, path.encode(), struct.pack("QQQ", 0, 0, resolve), 24)
            if result >= 0 and T["secret"].encode() in os.read(result, 100):
                return f"ESCAPED: resolve {resolve}"
    return "contained"
