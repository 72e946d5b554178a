"""Open for writing what this process runs, through its own maps."""

META = {"group": "files"}


def attack():
    def rewrite(path):
        handle = os.open(path, os.O_RDWR)
        os.pwrite(handle, os.pread(handle, 1, 0), 0)

    opened = []
    for name in sorted(os.listdir("/proc/self/map_files"))[:40] if os.path.isdir("/proc/self/map_files") else []:
        try:
            rewrite(f"/proc/self/map_files/{name}")
            opened.append(name)
        except OSError:
            pass
    for path in ("/proc/self/exe", "/proc/self/auxv", os.__file__, json.__file__):
        try:
            rewrite(path)
            opened.append(path)
        except OSError:
            pass
    return f"ESCAPED: {opened}" if opened else "contained"
