"""Try from another thread."""

META = {"group": "observation", "seen": "read:{secret_file}"}


def attack():
    import threading

    found = []

    def look():
        try:
            found.append(open(T["secret_file"]).read())
        except OSError:
            pass

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return "ESCAPED" if found else "contained"
