from ..consts import UNIT
NAME = 'helper'
def shape(n):
    return f'<{n}{UNIT}>'
