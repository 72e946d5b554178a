"""Put a filter and a listener of one's own above."""

META = {"group": "observation", "seen": "native:seccomp"}


def attack():
    import struct

    code = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000), 8)
    program = struct.pack("HxxxxxxQ", 1, ctypes.addressof(code))
    result, number = sysc("seccomp", 1, 8, program)
    if result >= 0:
        return "ESCAPED: a listener of its own"
    return "ESCAPED: prctl" if libc.prctl(22, 2, program, 0, 0) == 0 and False else f"contained: errno {number}"
