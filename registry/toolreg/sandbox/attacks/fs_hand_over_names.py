"""Names with newlines, escapes, bad bytes and 255 bytes."""

META = {"group": "files", "check": "handed_over_safely"}


def attack():
    for name in (b"a\nb", b"\x1b[31mred", b"\xff\xfe", b"n" * 255, b" ", b"-rf", b"*"):
        try:
            os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
        except OSError:
            pass
    return "CHECK: the host must cope"
