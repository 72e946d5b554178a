"""Leave a pipe and a device to be handed over."""

META = {"group": "files", "seen": "write:", "check": "handed_over_safely"}


def attack():
    for attempt in (lambda: os.mkfifo("pipe"), lambda: os.mknod("device", 0o20666, os.makedev(1, 1))):
        try:
            attempt()
        except OSError:
            pass
    return "CHECK: neither may arrive"
