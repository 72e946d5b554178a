"""Have a pipe send the signal."""

META = {"group": "processes", "seen": "native:fcntl"}


def attack():
    import fcntl, struct
    read, write = os.pipe()
    taken = []
    for command, value in ((8, T["victim_pid"]), (15, struct.pack("ii", 1, T["victim_pid"])), (10, 9)):
        try:
            fcntl.fcntl(read, command, value)
            taken.append(command)
        except OSError:
            continue
    for number in (0x8901, 0x8902):
        try:
            fcntl.ioctl(read, number, struct.pack("i", T["victim_pid"]))
            taken.append(number)
        except OSError:
            continue
    try:
        fcntl.fcntl(read, fcntl.F_SETFL, 0x2000)
    except OSError:
        pass
    os.write(write, b"x")
    return f"ESCAPED: {taken}" if taken else "contained"
