"""`toolreg approve` stands beside `toolreg review`, with which it shares everything."""

from toolreg.cli.review import approve

__all__ = ["approve"]
