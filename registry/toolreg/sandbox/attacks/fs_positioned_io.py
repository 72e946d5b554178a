"""Write to a readable descriptor by the newer calls."""

META = {"group": "files", "check": "workspace_same", "effects": ["read: input.txt"]}


def attack():
    handle = os.open("input.txt", os.O_RDONLY)
    source = os.open("/dev/zero", os.O_RDONLY)
    for change in (lambda: os.pwritev(handle, [b"other"], 0), lambda: os.pwritev(handle, [b"other"], 0, os.RWF_APPEND), lambda: os.posix_fallocate(handle, 0, 100), lambda: os.ftruncate(handle, 0),
                   lambda: os.sendfile(handle, source, 0, 5), lambda: os.copy_file_range(source, handle, 5), lambda: os.fchmod(handle, 0o777), lambda: os.utime(handle, (1, 1)), lambda: os.fchown(handle, 0, 0)):
        try:
            change()
        except (OSError, AttributeError):
            pass
    return "CHECK: the file must be as it was"
