"""Set a file's times back, to hide that it was changed."""

META = {"group": "files", "seen": "write:{secret_file}"}


def attack():
    import ctypes
    for name in ("secret_file", "home", "host_dir"):
        try:
            os.utime(T[name], (1, 1))
        except OSError:
            pass
        sysc("utimes", T[name].encode(), bytes(32))
        sysc("utimensat", -100, T[name].encode(), None, 0)
    return "CHECK: no times may have changed"
