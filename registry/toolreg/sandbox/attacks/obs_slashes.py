"""Names with more slashes and dots than they need."""

META = {"group": "observation", "seen": "read:{secret_file}"}


def attack():
    path = T["secret_file"]
    for name in ("/" + path, path.replace("/", "//"), path.replace("/", "/./"), "/usr/.." + path, "/work/../" + path, path + "/", path + "/."):
        try:
            os.close(os.open(name, os.O_RDONLY))
            return f"ESCAPED: {name}"
        except OSError:
            pass
    return "contained"
