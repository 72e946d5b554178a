"""Exchange a file of the host for one of one's own."""

META = {"group": "files", "seen": "write:"}


def attack():
    open("mine", "w").write("x")
    for flag in (2, 1, 4):
        for other in (T["secret_file"], T["host_dir"] + "/new", T["host_dir"]):
            result, number = sysc("renameat2", -100, b"mine", -100, other.encode(), flag)
            if result == 0:
                return f"ESCAPED: {other}"
            result, number = sysc("renameat2", -100, other.encode(), -100, b"theirs", flag)
            if result == 0:
                return f"ESCAPED: {other}"
    return "contained"
