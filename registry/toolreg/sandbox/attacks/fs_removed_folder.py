"""Climb out of a folder that is not there any more."""

META = {"group": "files", "seen": "read:"}


def attack():
    os.makedirs("a/b")
    os.chdir("a/b")
    os.rmdir("../b")
    os.rmdir("/work/a") if os.path.isdir("/work/a") else None
    for depth in range(1, 9):
        try:
            if T["secret"] in open("../" * depth + T["secret_file"].lstrip("/")).read():
                return f"ESCAPED: {depth} up"
        except OSError:
            pass
    try:
        open(T["secret_file"]).close()
        return "ESCAPED"
    except OSError:
        return "contained"
