"""Put a filter of one's own in front of the watched calls."""

META = {"group": "kernel interfaces", "seen": "native:prctl"}


def attack():
    import struct
    code = struct.pack("HBBI", 6, 0, 0, 0x7FFF0000)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxQ", 1, ctypes.addressof(buffer))
    done = [what for what, result in (("filter", libc.prctl(22, 2, program, 0, 0)), ("strict", libc.prctl(22, 9, 0, 0, 0)), ("dispatch", libc.prctl(59, 1, 0, 0, 0))) if result == 0]
    return f"ESCAPED: {done}" if done else "contained"
