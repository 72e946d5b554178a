"""Walk frames up into the harness."""

META = {"group": "channel"}


def attack():
    f = sys._getframe(); n = 0
    while f:
        for k, v in list(f.f_globals.items()) + list(f.f_locals.items()):
            if isinstance(v, str) and ("HEAP-" + T["secret"]) in v and len(v) < 200: return "ESCAPED: harness frame"
        f = f.f_back; n += 1
    return f"contained: {n} frames"
