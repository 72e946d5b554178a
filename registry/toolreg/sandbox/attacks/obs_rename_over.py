"""Replace a file that may only be read by one from elsewhere."""

META = {"group": "observation", "seen": "write:", "check": "workspace_same", "effects": ["read: input.txt"]}


def attack():
    import tempfile

    path = os.path.join(tempfile.gettempdir(), "new")
    with open(path, "w") as file:
        file.write("changed")
    for attempt in (lambda: os.replace(path, "input.txt"), lambda: os.link(path, "input.txt2")):
        try:
            attempt()
        except OSError:
            pass
    return "CHECK: the host's file must be as it was"
