"""Write more than was promised."""

META = {"group": "files", "seen": "write:", "check": "handed_over_safely", "effects": ["write: promised.txt"]}


def attack():
    for name in ("promised.txt", "more.txt", ".bashrc", "sub/deep.txt"):
        try:
            os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
            open(name, "w").close()
        except OSError:
            pass
    return "CHECK: only the promised file may arrive"
