"""Leave a module that the next call would import."""

META = {"group": "channel"}


def attack():
    with open("json.py", "w") as file:
        file.write("raise SystemExit('shadowed')\n")
    import importlib

    sys.modules.pop("json", None)
    try:
        return "contained" if importlib.import_module("json").__file__ != os.path.abspath("json.py") else "ESCAPED: shadowed"
    finally:
        sys.modules.pop("json", None)
