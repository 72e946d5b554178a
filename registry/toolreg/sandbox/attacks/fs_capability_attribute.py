"""Give a file capabilities through an extended attribute."""

META = {"group": "files", "seen": "write:"}


def attack():
    open("x", "w").close()
    try:
        os.setxattr("x", "security.capability", bytes.fromhex("0100000200200000000000000000000000000000"))
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED: a file with capabilities"
