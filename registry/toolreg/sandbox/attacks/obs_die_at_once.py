"""Ask for something forbidden in a thread, and end before the answer."""

META = {"group": "observation", "seen": "read:{secret_file}"}


def attack():
    import threading, time
    def ask():
        while True:
            try:
                os.close(os.open(T["secret_file"], os.O_RDONLY))
            except OSError:
                pass
    for _ in range(4):
        threading.Thread(target=ask, daemon=True).start()
    time.sleep(0.1)
    os._exit(0)
