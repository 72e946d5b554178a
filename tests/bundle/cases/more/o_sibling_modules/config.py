import os
SETTINGS = {"x": os.path.join("a", "b")}
