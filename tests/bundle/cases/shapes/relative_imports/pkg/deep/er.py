from ..consts import OTHER


def value():
    return OTHER
