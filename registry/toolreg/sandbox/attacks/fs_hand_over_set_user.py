"""Leave a set-user program to be handed over."""

META = {"group": "files", "check": "handed_over_safely"}


def attack():
    with open("tool", "w") as file:
        file.write("#!/bin/sh\n")
    try:
        os.chmod("tool", 0o6777)
    except OSError:
        pass
    return "CHECK: no set-user bit may arrive"
