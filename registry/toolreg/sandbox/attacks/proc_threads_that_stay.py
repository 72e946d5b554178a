"""Threads that are to live on after the result."""

META = {"group": "processes", "seen": "write:late", "check": "handed_over_safely", "effects": ["write: promised.txt"]}


def attack():
    import threading, time
    def late():
        for number in range(200):
            try:
                open(f"late-{number}", "w").write("x")
            except OSError:
                pass
            time.sleep(0.01)
    for _ in range(5):
        threading.Thread(target=late).start()
    time.sleep(0.05)
    return "CHECK: nothing of them may be left"
