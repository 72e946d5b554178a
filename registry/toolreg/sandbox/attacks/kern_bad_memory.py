"""Take pages of the machine out of use."""

META = {"group": "kernel interfaces"}


def attack():
    import mmap
    area = mmap.mmap(-1, 1 << 16)
    area[:4] = b"xxxx"
    place = ctypes.addressof(ctypes.c_char.from_buffer(area))
    done = [advice for advice in (100, 101) if libc.madvise(ctypes.c_void_p(place), 4096, advice) == 0]
    return f"ESCAPED: {done}" if done else "contained"
