"""Remove a message queue of the host."""

META = {"group": "kernel interfaces", "seen": "native:mq_unlink"}


def attack():
    for name in (b"queue", b"toolreg"):
        if sysc("mq_unlink", name)[0] == 0:
            return "ESCAPED: removed"
    result, number = sysc("mq_unlink", b"nothing")
    return "contained" if number == 1 else f"ESCAPED: the call is open ({number})"
