"""Os.system."""

META = {"group": "processes", "seen": "run:*"}


def attack():
    r = os.system("exit 7")
    return "ESCAPED: shell ran" if r == 7 << 8 else f"contained: {r}"
