"""Make a file through a link that leads to where nothing is."""

META = {"group": "observation", "seen": "write:/usr/lib/toolreg-made"}


def attack():
    os.symlink("/usr/lib/toolreg-made", "link")
    try:
        os.close(os.open("link", os.O_CREAT | os.O_WRONLY))
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED"
