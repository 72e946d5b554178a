"""The environment that the process was started with."""

META = {"group": "channel"}


def attack():
    for path in ("/proc/self/environ", "/proc/1/environ"):
        try:
            if T["secret"].encode() in open(path, "rb").read():
                return f"ESCAPED: {path}"
        except OSError:
            pass
    return "contained"
