"""Move bytes between files without reading them."""

META = {"group": "files", "seen": "read:{secret_file}"}


def attack():
    one, other = os.pipe()
    out = os.open("out", os.O_CREAT | os.O_RDWR)
    for source in (T["secret_file"], f"/proc/{T['victim_pid']}/environ", "/proc/1/environ"):
        try:
            handle = os.open(source, os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            continue
        for move in (lambda: os.sendfile(out, handle, 0, 100), lambda: os.copy_file_range(handle, out, 100), lambda: os.splice(handle, other, 100)):
            try:
                move()
            except (OSError, AttributeError):
                pass
        os.set_blocking(one, False)
        try:
            moved = os.read(one, 200) + os.pread(out, 200, 0)
        except OSError:
            moved = os.pread(out, 200, 0)
        if T["secret"].encode() in moved:
            return f"ESCAPED: {source}"
    return "contained"
