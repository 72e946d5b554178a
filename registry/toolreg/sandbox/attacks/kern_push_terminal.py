"""Type into the terminal of whoever started this."""

META = {"group": "kernel interfaces"}


def attack():
    import fcntl

    for number in range(3):
        for request in (0x5412, 0x5423, 0x540E):
            try:
                fcntl.ioctl(number, request, b"x")
                return f"ESCAPED: {request:#x}"
            except OSError:
                pass
    return "contained"
