"""Take away the way out, so that the process goes back to what started it."""

META = {"group": "channel"}


def attack():
    import sys
    os._exit = lambda code=0: None
    sys.exit = os.abort = lambda *code: None
    for name, module in list(sys.modules.items()):
        for each in ("_exit", "exit"):
            if getattr(module, each, None) is not None and name in ("os", "posix", "sys", "builtins"):
                setattr(module, each, lambda *code: None)
    return "contained"
