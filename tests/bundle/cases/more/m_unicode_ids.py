from smolagents import tool
π = 3
größe = {"straße": π}
def 関数(ñ, *, ℌ=1): return ñ * π + ℌ
class Ⅷ: x = "𝔘"
ﬁ = "ligature"


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(関数(n)) + str(größe) + Ⅷ.x + fi + "😀\u200b"
