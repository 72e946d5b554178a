"""Started by path, with no site-packages: loads the zygote from the folder beside it."""

import os
import sys

_folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, _folder)
from jail import zygote  # type: ignore[import-not-found]  # noqa: E402

sys.path.remove(_folder)
for _name in [name for name in sys.modules if name.partition(".")[0] in ("jail", "ctypes")]:
    # The tool's own modules may have any name; and whether it loads ctypes shall show.
    del sys.modules[_name]
zygote.start(sys.argv[1:])
