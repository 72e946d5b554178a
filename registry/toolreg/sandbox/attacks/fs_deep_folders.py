"""Folders nested without end, to exhaust the one who walks them."""

META = {"group": "files", "check": "handed_over_safely"}


def attack():
    try:
        for _ in range(1200):
            os.mkdir("d")
            os.chdir("d")
    except OSError:
        pass
    return "CHECK: the host must cope"
