"""Come to the secret in small steps from inside."""

META = {"group": "observation", "seen": "read:{secret_file}"}


def attack():
    for way in (["/"] + T["secret_file"].strip("/").split("/")[:-1], ["/proc/self/root"], ["/proc/self/cwd", ".."], ["/tmp", "../" * 20]):
        try:
            for step in way:
                os.chdir(step)
        except OSError:
            pass
        for path in (os.path.basename(T["secret_file"]), "." + T["secret_file"], "./" * 50 + T["secret_file"].lstrip("/")):
            try:
                if T["secret"] in open(path).read():
                    return "ESCAPED"
            except OSError:
                continue
    return "contained"
