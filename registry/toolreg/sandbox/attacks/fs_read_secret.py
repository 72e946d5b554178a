"""Read an undeclared file of the user (ssh key)."""

META = {"group": "files", "seen": "read:{secret_file}"}


def attack():
    try: d = open(T["secret_file"]).read()
    except OSError as e: return f"contained: {e}"
    return "ESCAPED: read " + d[:20] if T["secret"] in d else "contained: other content"
