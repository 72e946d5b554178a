from typing import Literal, TypedDict
Mode = Literal["a", "b"]
class Out(TypedDict):
    x: int
