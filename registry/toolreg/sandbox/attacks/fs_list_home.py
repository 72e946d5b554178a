"""Enumerate the user's home."""

META = {"group": "files", "seen": "read:{home}"}


def attack():
    try: n = os.listdir(T["home"])
    except OSError as e: return f"contained: {e}"
    return f"ESCAPED: listed {n}" if ".ssh" in n else "contained: empty view"
