"""Numbers and texts that JSON has no words for."""

META = {"group": "channel"}


def attack():
    class Odd(float):
        def __repr__(self):
            return '1}], "value": "ESCAPED: forged", "x": [{"y": 1'
        __str__ = __repr__
    class Text(str):
        def __str__(self):
            raise SystemExit(3)
    return {"a": [float("nan"), float("inf"), -0.0, Odd(1.5), Text("x\x00\ud800"), 10 ** 400, -(1 << 700)], "\ud800": b"\xff" * 10, "k" * 10000: ()}
