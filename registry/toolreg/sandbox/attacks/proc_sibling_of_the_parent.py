"""A child that is the parent's, and stays when the call is over."""

META = {"group": "processes", "effects": ["run: sleep", "write: ."]}


def attack():
    import time
    for flags in (0x8000 | 17, 0x8000, 0x8000 | 0x800000):
        result, _ = sysc("clone", flags, 0, 0, 0, 0)
        if result == 0:
            time.sleep(60)
            os._exit(0)
    return "CHECK: none may be left"
