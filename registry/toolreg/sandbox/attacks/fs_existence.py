"""Learn whether a file of the host exists."""

META = {"group": "files"}


def attack():
    return "ESCAPED: it shows" if os.path.exists(T["secret_file"]) else "contained"
