"""Message queues and semaphores, to meet another call."""

META = {"group": "kernel interfaces", "seen": "native:"}


def attack():
    for name, arguments in (("msgget", (0x7072, 0o1666)), ("semget", (0x7073, 1, 0o1666)), ("mq_open", (b"toolreg", 0o102, 0o600, None))):
        if sysc(name, *arguments)[0] >= 0:
            return f"ESCAPED: {name}"
    return "contained"
