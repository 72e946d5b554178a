"""Look at which pages of files the machine has in memory."""

META = {"group": "kernel interfaces"}


def attack():
    handle = os.open("/usr/lib/os-release" if os.path.exists("/usr/lib/os-release") else os.__file__, os.O_RDONLY)
    span, found = (ctypes.c_uint64 * 2)(0, 0), (ctypes.c_uint64 * 5)()
    result, number = sysc("cachestat", handle, span, found, 0)
    return f"ESCAPED: {list(found)}" if result == 0 else f"contained: errno {number}"
