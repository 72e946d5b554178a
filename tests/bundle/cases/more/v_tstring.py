from smolagents import tool
from string.templatelib import Template
UNIT = "km"
def render(t: Template) -> str: return "".join(p if isinstance(p, str) else f"<{p.value}>" for p in t)


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return render(t"{n} {UNIT!r:>4} {{x}}")
