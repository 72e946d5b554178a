"""Read through a link made in the workspace."""

META = {"group": "files", "seen": "read:{secret_file}"}


def attack():
    os.symlink(T["secret_file"], "link")
    try:
        return "ESCAPED: followed" if T["secret"] in open("link").read() else "contained"
    except OSError as error:
        return f"contained: {error}"
