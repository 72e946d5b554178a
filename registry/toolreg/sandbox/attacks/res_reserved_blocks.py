"""Reserve disk without writing to it."""

META = {"group": "resources"}


def attack():
    reserved = 0
    for number in range(64):
        try:
            handle = os.open(f"reserved-{number}", os.O_CREAT | os.O_RDWR)
            os.posix_fallocate(handle, 0, 32 << 20)
            reserved += os.fstat(handle).st_blocks * 512
            os.close(handle)
        except OSError:
            break
    return f"ESCAPED: {reserved >> 20} MiB" if reserved > 160 << 20 else f"contained: {reserved >> 20} MiB"
