from .one import *
from .two import two as deux
__all__ = ["one", "deux"]
