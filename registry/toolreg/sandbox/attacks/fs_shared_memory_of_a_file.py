"""Write to a readable file through memory."""

META = {"group": "files", "check": "workspace_same", "effects": ["read: input.txt"]}


def attack():
    import mmap
    handle = os.open("input.txt", os.O_RDONLY)
    for flags in (mmap.MAP_SHARED, mmap.MAP_SHARED | 0x01):
        try:
            memory = mmap.mmap(handle, 5, flags=flags, prot=mmap.PROT_READ | mmap.PROT_WRITE)
            memory[:5] = b"other"
            memory.flush()
        except (OSError, ValueError):
            pass
    memory = mmap.mmap(handle, 5, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ)
    libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
    where = libc.mmap(None, 4096, 1, 1, handle, 0)
    if libc.mprotect(where, 4096, 3) == 0:
        return "ESCAPED: the map may be written"
    return "contained"
