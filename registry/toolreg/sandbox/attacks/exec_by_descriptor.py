"""Run a program by an open descriptor."""

META = {"group": "processes", "seen": "run:"}


def attack():
    for path in ("/usr/bin/true", "/bin/sh", sys.executable, "/proc/self/exe", "/lib64/ld-linux-x86-64.so.2"):
        try:
            handle = os.open(path, os.O_RDONLY)
        except OSError:
            continue
        argv = (ctypes.c_char_p * 2)(b"x", None)
        for flags in (0x1000, 0x1000 | 0x100):
            result, number = sysc("execveat", handle, b"", argv, None, flags)
            if result >= 0:
                return "ESCAPED"
    try:
        os.execve("/usr/bin/true", ["true"], {})
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED"
