"""A link into /proc, where every process sees itself."""

META = {"group": "observation", "seen": "read:/proc/"}


def attack():
    os.symlink("/proc/self/environ", "own")
    os.symlink("/proc/1/root", "root")
    for name in ("own", "root" + T["secret_file"]):
        try:
            if T["secret"] in open(name).read():
                return f"ESCAPED: {name}"
        except OSError:
            pass
    return "contained"
