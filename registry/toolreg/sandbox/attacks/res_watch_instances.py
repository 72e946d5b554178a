"""Use up what the user may have of watches, for all programs."""

META = {"group": "resources"}


def attack():
    made = 0
    for _ in range(200):
        if libc.inotify_init1(0) < 0:
            break
        made += 1
    return f"ESCAPED: {made}" if made > 64 else f"contained: {made}"
