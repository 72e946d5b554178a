from smolagents import tool

UNIT = "u"
def helper(): return "module"
class Base:
    def show(self): return helper()


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """

    class Local(Base):
        unit = UNIT
        items = [UNIT for _ in range(2)]
        def show(self):
            return super().show() + self.unit + str(self.items) + helper
    helper = "local"
    return Local().show() + str(n)
