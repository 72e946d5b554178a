"""200 MiB result."""

META = {"group": "channel"}


def attack():
    s = "A" * (1 << 20)
    for _ in range(200): 
        for f in range(3, 16):
            try: os.set_blocking(f, True); os.write(f, s.encode()); break
            except OSError: pass
        else: break
    return "contained: sent"
