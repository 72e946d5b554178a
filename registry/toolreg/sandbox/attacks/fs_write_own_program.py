"""Change the interpreter and the libraries that it runs from."""

META = {"group": "files", "seen": "write:"}


def attack():
    import mmap
    changed = []
    paths = {line.split()[-1] for line in open("/proc/self/maps") if "/" in line}
    for path in [*sorted(paths)[:40], "/proc/self/exe", sys.executable, os.__file__]:
        try:
            with open(path, "r+b") as file:
                mmap.mmap(file.fileno(), 0, mmap.MAP_SHARED)[0:1]
            changed.append(path)
        except (OSError, ValueError):
            pass
        try:
            open("/proc/self/map_files/" + path, "r+b")
            changed.append(path)
        except OSError:
            continue
    return f"ESCAPED: {changed}" if changed else "contained"
