"""Change installed packages and compiled caches for the next run."""

META = {"group": "files", "seen": "write:/"}


def attack():
    import json
    import sysconfig

    targets = [json.__file__, os.path.join(sysconfig.get_paths()["stdlib"], "__pycache__", "poison.pyc"), *[os.path.join(p, "poison.pth") for p in sys.path if p.startswith("/")]]
    for target in targets:
        try:
            with open(target, "a"):
                return f"ESCAPED: {target} is writable"
        except OSError:
            pass
    return "contained"
