"""A link that leads elsewhere each time that it is looked at."""

META = {"group": "observation", "seen": "read:{secret_file}"}


def attack():
    import threading, time
    done = []
    os.symlink("input.txt", "good")
    os.symlink(T["secret_file"], "bad")
    def swap():
        while not done:
            for target in ("input.txt", T["secret_file"]):
                try:
                    os.symlink(target, "next")
                    os.rename("next", "link")
                except OSError:
                    pass
    threading.Thread(target=swap, daemon=True).start()
    end = time.time() + 0.6
    while time.time() < end:
        try:
            if T["secret"] in open("link").read():
                return "ESCAPED"
        except OSError:
            pass
    done.append(1)
    try:
        open("bad").close()
        return "ESCAPED"
    except OSError:
        return "contained"
