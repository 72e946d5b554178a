"""Create 40 000 files."""

META = {"group": "resources"}


def attack():
    n = 0; d = "/tmp/inodes"; os.makedirs(d, exist_ok=True)
    try:
        for i in range(40000): os.close(os.open(f"{d}/{i}", os.O_CREAT | os.O_WRONLY)); n += 1
    except OSError: pass
    import shutil; shutil.rmtree(d, ignore_errors=True)
    return f"ESCAPED: {n} inodes" if n >= 40000 else f"contained: {n}"
