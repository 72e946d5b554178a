"""Make a file and remove it before anybody looks."""

META = {"group": "observation", "seen": "write:gone.txt"}


def attack():
    with open("gone.txt", "w") as file:
        file.write("x")
    os.unlink("gone.txt")
    os.mkdir("folder")
    os.rmdir("folder")
    return "CHECK: the record must tell of it"
