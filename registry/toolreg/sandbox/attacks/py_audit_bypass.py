"""Read a file below Python's audit hook (raw syscall)."""

META = {"group": "observation", "seen": "read:{secret_file}"}


def attack():
    r, e = sysc("openat", -100, T["secret_file"].encode(), 0)
    if r < 0: return f"contained: errno {e}"
    return "ESCAPED: raw openat" if T["secret"] in os.read(r, 100).decode() else "contained"
