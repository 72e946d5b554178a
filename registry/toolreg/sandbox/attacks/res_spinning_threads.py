"""Threads that spin in native code."""

META = {"group": "resources", "check": "killed"}


def attack():
    import hashlib
    import threading

    def spin():
        while True:
            hashlib.pbkdf2_hmac("sha256", b"x", b"y", 1_000_000)

    for _ in range(8):
        threading.Thread(target=spin, daemon=True).start()
    spin()
