"""Execve through ctypes: below Python's audit hooks."""

META = {"group": "processes", "seen": "run:*"}


def attack():
    r, w = os.pipe()
    pid, e = sysc("fork")
    if pid == 0:
        os.dup2(w, 1); argv = (ctypes.c_char_p * 3)(b"/usr/bin/echo", b"pwn", None); libc.execve(b"/usr/bin/echo", argv, None); os._exit(1)
    if pid < 0: return f"contained: fork errno {e}"
    os.close(w); d = os.read(r, 10)
    return "ESCAPED: native exec" if b"pwn" in d else "contained: exec denied"
