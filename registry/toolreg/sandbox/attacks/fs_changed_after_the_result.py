"""Go on changing what was written while it is handed over."""

META = {"group": "files", "seen": "write:", "check": "handed_over_safely", "effects": ["write: promised.txt"]}


def attack():
    import threading
    def change():
        number = 0
        while True:
            number += 1
            try:
                for name in ("promised.txt", f"more-{number % 5}.txt"):
                    if os.path.islink(name) or os.path.exists(name):
                        os.unlink(name)
                    if number % 2:
                        os.symlink(T["host_dir"] + "/through", name)
                    else:
                        open(name, "w").write("x" * number)
            except OSError:
                pass
    for _ in range(2):
        threading.Thread(target=change, daemon=True).start()
    import time
    time.sleep(0.2)
    return "CHECK: only the promised file may arrive, and nothing through it"
