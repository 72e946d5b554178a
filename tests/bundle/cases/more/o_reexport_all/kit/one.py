__all__ = ["one"]
def one(): return "1"
def hidden(): return "h"
