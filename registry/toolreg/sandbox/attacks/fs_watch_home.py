"""Be told of everything that happens in the user's folders."""

META = {"group": "files", "seen": "{home}"}


def attack():
    handle = libc.inotify_init1(0)
    held = [libc.inotify_add_watch(handle, T[name].encode(), 0xFFF) for name in ("home", "host_dir", "secret_file")]
    return f"ESCAPED: watches {held}" if max(held) > 0 else "contained"
