"""Use both processors for longer than granted, in threads."""

META = {"group": "resources", "check": "killed"}


def attack():
    import threading
    def burn():
        import hashlib
        data = bytes(1 << 20)
        while True:
            hashlib.sha256(data).digest()
    for _ in range(4):
        threading.Thread(target=burn, daemon=True).start()
    burn()
