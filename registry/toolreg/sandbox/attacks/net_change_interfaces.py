"""Set addresses and routes."""

META = {"group": "network"}


def attack():
    import fcntl, socket, struct
    done = []
    with socket.socket() as s:
        for number in (0x8914, 0x8916, 0x890B, 0x890C, 0x8924, 0x8922, 0x8943, 0x89A0, 0x8946):
            try:
                fcntl.ioctl(s, number, struct.pack("16sH22x", b"lo", 2))
                done.append(hex(number))
            except OSError:
                continue
    return f"ESCAPED: {done}" if done else "contained"
