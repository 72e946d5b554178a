"""Set a readable file's own marks: no backup, no change of times, verified."""

META = {"group": "files", "effects": ["read: {tmp_file}"]}


def attack():
    import fcntl, struct
    handle = os.open(T["tmp_file"], os.O_RDONLY)
    done = []
    for name, call, value in (("flags", 0x40086602, struct.pack("q", 0x40)), ("flags of 32 bits", 0x40046602, struct.pack("i", 0x80)), ("project", 0x401C5820, bytes(28)),
                              ("version", 0x40087602, struct.pack("q", 7)), ("verity", 0x40806685, struct.pack("IIIIQIIQ", 1, 1, 4096, 0, 0, 0, 0, 0) + bytes(88)),
                              ("key", 0x800C6613, bytes(12)), ("label", 0x41009432, bytes(256)), ("freeze", 0xC0045877, struct.pack("i", 0)), ("trim", 0xC0185879, bytes(24))):
        try:
            fcntl.ioctl(handle, call, value)
            done.append(name)
        except OSError:
            pass
    return f"ESCAPED: {done}" if done else "contained"
