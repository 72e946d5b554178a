"""No_new_privs must be set, so that setuid programs give nothing."""

META = {"group": "files"}


def attack():
    s = open("/proc/self/status").read() if os.path.exists("/proc/self/status") else "NoNewPrivs:\t1"
    v = [l for l in s.splitlines() if l.startswith("NoNewPrivs")]
    suid = [p for p in ("/usr/bin/su", "/usr/bin/mount", "/usr/bin/sudo", "/usr/bin/passwd") if os.path.exists(p) and os.stat(p).st_mode & 0o4000]
    return "contained" if v and v[0].split()[1] == "1" else f"ESCAPED: NoNewPrivs=0, setuid programs {suid}"
