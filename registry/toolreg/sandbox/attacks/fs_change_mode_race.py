"""Swap the file between the look and the change."""

META = {"group": "files", "seen": "write:"}


def attack():
    import threading, time
    open("own", "w").close()
    stop = []
    def swap():
        while not stop:
            for target in (T["tmp_file"], "own"):
                try:
                    os.symlink(target, "next")
                    os.rename("next", "name")
                except OSError:
                    pass
    thread = threading.Thread(target=swap)
    thread.start()
    end = time.monotonic() + 0.7
    while time.monotonic() < end:
        try:
            os.chmod("name", 0o777)
            os.utime("name", (1, 1))
        except OSError:
            pass
    stop.append(1)
    thread.join()
    return "CHECK: no mode may have changed"
