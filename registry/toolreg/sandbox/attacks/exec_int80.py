"""The 32-bit entry, which numbers calls otherwise."""

META = {"group": "processes"}


def attack():
    import mmap

    if os.uname().machine != "x86_64":
        return "contained: no such ABI here"
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # getpid
    function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
    return "ESCAPED: int 0x80" if function() == os.getpid() else "contained"
