"""Start 600 threads."""

META = {"group": "resources"}


def attack():
    import threading
    ev = threading.Event(); n = 0; ts = []
    try:
        threading.stack_size(65536)
        for _ in range(600):
            t = threading.Thread(target=ev.wait, daemon=True); t.start(); ts.append(t); n += 1
    except (RuntimeError, MemoryError): pass
    ev.set()
    return f"ESCAPED: {n} threads" if n >= 600 else f"contained: {n} threads"
