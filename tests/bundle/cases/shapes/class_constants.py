from smolagents import Tool

import datetime
import re
import operator

_base = {"a": 1}


class ConstTool(Tool):
    name = "const_tool"
    description = "Const " + "tool." * 1
    inputs = {"n": {"type": "integer", "description": f"N up to {10 ** 2}."}}
    output_type = "string"
    LIMIT = -1
    PAIR = (LIMIT, 2 * -LIMIT)
    TABLE = {**_base, "b": LIMIT}
    WHEN = datetime.date(2020, 1, 2) + datetime.timedelta(days=1)
    RE = re.compile(rf"x{{{1 + 1}}}")
    KEY = operator.itemgetter("a")
    FN = staticmethod(lambda x, k=PAIR[1]: x + k)
    if LIMIT < 0:
        SIGN = "neg"
    else:
        SIGN = "pos"
    for _i in range(2):
        LAST = _i
    del _i

    def forward(self, n: int) -> str:
        return f"{self.PAIR}{self.TABLE}{self.WHEN}{self.RE.pattern}{self.KEY(self.TABLE)}{self.FN(n)}{self.SIGN}{self.LAST}"
