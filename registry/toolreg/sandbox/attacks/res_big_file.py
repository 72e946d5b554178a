"""One sparse file of 10 GiB."""

META = {"group": "resources"}


def attack():
    import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        with open("/tmp/big", "wb") as f: f.truncate(10 << 30)
        os.unlink("/tmp/big"); return "ESCAPED: 10 GiB file"
    except OSError as e: return f"contained: {e}"
