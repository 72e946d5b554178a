"""Write 300 MiB (limit 64)."""

META = {"group": "resources"}


def attack():
    n = 0
    for d in ("/tmp", T.get("work", "/tmp"), "/dev/shm", "/var/tmp"):
        for i in range(300):
            try:
                with open(f"{d}/fill{i}", "wb") as f: f.write(b"\0" * (1 << 20)); n += 1
            except OSError: break
        for i in range(300):
            try: os.unlink(f"{d}/fill{i}")
            except OSError: break
    return f"ESCAPED: wrote {n} MiB" if n >= 290 else f"contained: {n} MiB"
