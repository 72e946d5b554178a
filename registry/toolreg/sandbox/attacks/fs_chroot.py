"""The classic chroot escape."""

META = {"group": "files", "seen": "native:chroot"}


def attack():
    os.makedirs("jail", exist_ok=True)
    try:
        os.chroot("jail")
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED: chroot is allowed"
