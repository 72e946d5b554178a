"""Make timers without end."""

META = {"group": "resources"}


def attack():
    made = 0
    number = ctypes.create_string_buffer(8)
    while made < 5000 and libc.timer_create(1, None, number) == 0:
        made += 1
    return f"ESCAPED: {made} timers" if made >= 1000 else f"contained: {made}"
