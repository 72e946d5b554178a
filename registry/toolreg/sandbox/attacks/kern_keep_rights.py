"""Rights that outlive a change of user or program."""

META = {"group": "kernel interfaces"}


def attack():
    import struct
    done = []
    for name, words in (("ambient", (47, 2, 21)), ("bounds of rights", (28, 0x2F)), ("keep", (8, 1))):
        if libc.prctl(*words, 0, 0) == 0 and name != "keep":
            done.append(name)
    for capability in (1, 12, 19, 21):
        head = struct.pack("Ii", 0x20080522, 0)
        body = struct.pack("IIIIII", *[1 << capability] * 3, 0, 0, 0)
        if sysc("capset", head, body)[0] == 0:
            done.append(capability)
    return f"ESCAPED: {done}" if done else "contained"
