"""Take a handle of the secret without reading it, then open the handle."""

META = {"group": "files", "seen": "read:"}


def attack():
    for flags in (os.O_PATH, os.O_PATH | os.O_NOFOLLOW):
        try:
            handle = os.open(T["secret_file"], flags)
            data = open(f"/proc/self/fd/{handle}").read()
        except OSError:
            try:
                handle = os.open(T["home"], os.O_PATH)
                data = open(os.open(".ssh/id_rsa", os.O_RDONLY, dir_fd=handle)).read()
            except OSError:
                continue
        return "ESCAPED: read" if T["secret"] in data else "contained: other content"
    return "contained"
