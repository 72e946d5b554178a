"""Hide the target behind a chain of links."""

META = {"group": "observation", "seen": "read:{secret_file}"}


def attack():
    before = T["secret_file"]
    for number in range(8):
        os.symlink(before, f"link{number}")
        before = os.path.abspath(f"link{number}")
    try:
        return "ESCAPED" if T["secret"] in open("link7").read() else "contained"
    except OSError as error:
        return f"contained: {error}"
