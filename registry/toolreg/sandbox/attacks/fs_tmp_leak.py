"""Read another program's file in the host /tmp."""

META = {"group": "files", "seen": "read:{tmp_file}"}


def attack():
    try: d = open(T["tmp_file"]).read()
    except OSError as e: return f"contained: {e}"
    return "ESCAPED: host /tmp is shared" if T["secret"] in d else "contained"
