"""Look for what the sandbox was built from."""

META = {"group": "files", "seen": "read:"}


def attack():
    for path in ("/.host", "/.old", "/.overlay", "/.old/.host", "/.overlay/0/upper", "/.host/etc/passwd"):
        try:
            names = os.listdir(path)
        except OSError:
            continue
        if names:
            return f"ESCAPED: {path} shows {names[:3]}"
    return "contained"
