from smolagents import tool
import contextlib, sys
with contextlib.suppress(ImportError):
    if sys.version_info > (3,):
        UNIT = "km"
        @tool
        def run_it(n: int) -> str:
            """Do the thing.

            Args:
                n: A value.
            """
            return str(n) + UNIT
