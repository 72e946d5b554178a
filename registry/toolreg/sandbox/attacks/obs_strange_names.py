"""Paths that break whoever writes them down."""

META = {"group": "observation", "seen": "read:/etc/"}


def attack():
    for name in (b"/etc/\xff\xfe\n\x1b[31m\r", b"/etc/" + b"\xf0\x9f" * 200, b"/etc/{secret}%s%n", b"/etc/\xed\xa0\x80", b"/" * 4000 + b"etc/odd", b"\n"):
        try:
            open(name)
        except OSError:
            continue
    return "contained"
