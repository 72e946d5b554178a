"""Lock memory so that it cannot be swapped."""

META = {"group": "resources"}


def attack():
    import mmap
    area = mmap.mmap(-1, 32 << 20)
    place = ctypes.addressof(ctypes.c_char.from_buffer(area))
    locked = [size for size in (1 << 20, 32 << 20) if libc.mlock(ctypes.c_void_p(place), ctypes.c_size_t(size)) == 0]
    if libc.mlockall(1) == 0:
        locked.append("all")
    huge = 0
    try:
        huge = len(mmap.mmap(-1, 64 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40000))
    except (OSError, ValueError):
        pass
    return f"ESCAPED: {locked} {huge}" if locked or huge else "contained"
