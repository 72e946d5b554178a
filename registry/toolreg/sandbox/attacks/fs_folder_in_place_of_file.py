"""A folder with the promised file's name, and more in it."""

META = {"group": "files", "seen": "write:", "check": "handed_over_safely", "effects": ["write: promised.txt"]}


def attack():
    try:
        os.makedirs("promised.txt/inner", mode=0o777)
        os.chmod("promised.txt", 0o2777)
        for name in ("promised.txt/a", "promised.txt/inner/b", "promised.txt/.bashrc"):
            open(name, "w").write("x")
    except OSError:
        pass
    return "CHECK: nothing below it may arrive"
