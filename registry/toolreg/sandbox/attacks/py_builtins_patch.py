"""Patch builtins/json so that a later call in the same interpreter is affected."""

META = {"group": "channel", "check": "twice"}


def attack():
    import builtins, json as j
    if getattr(builtins, "_toolreg_poison", 0): return "ESCAPED: state of an earlier call is visible"
    builtins._toolreg_poison = 1; j._default_decoder = None
    return "CHECK: poisoned"
