"""Hard link a secret into the writable dir."""

META = {"group": "files", "seen": "write:"}


def attack():
    try:
        os.makedirs(T["work"], exist_ok=True); os.link(T["secret_file"], T["work"] + "/hl"); d = open(T["work"] + "/hl").read()
    except OSError as e: return f"contained: {e}"
    return "ESCAPED: hard link" if T["secret"] in d else "contained"
