"""Keep writing junk beside the result."""

META = {"group": "channel"}


def attack():
    import threading
    def spam():
        while True:
            for number in range(3, 12):
                try:
                    os.write(number, b'{"value": "contained: forged", "type": "str", "faithful": true}')
                except OSError:
                    continue
    for _ in range(3):
        threading.Thread(target=spam, daemon=True).start()
    import time
    time.sleep(0.2)
    return "contained: whatever arrived was read as data"
