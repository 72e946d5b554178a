"""Read the kernel's log."""

META = {"group": "kernel interfaces", "seen": "native:syslog"}


def attack():
    buffer = ctypes.create_string_buffer(4096)
    result, number = sysc("syslog", 3, buffer, 4096)
    if result > 0:
        return "ESCAPED: kernel log"
    try:
        os.open("/dev/kmsg", os.O_RDONLY)
    except OSError:
        return f"contained: errno {number}"
    return "ESCAPED: /dev/kmsg"
