from smolagents import tool

class Meta(type):
    def __new__(mcls, name, bases, space, **kwargs):
        cls = super().__new__(mcls, name, bases, space)
        cls.fields = sorted(k for k in space if not k.startswith("_") and k != "fields") + sorted(kwargs)
        return cls

    def __init__(cls, name, bases, space, **kwargs):
        super().__init__(name, bases, space)

    @classmethod
    def __prepare__(mcls, name, bases, **kwargs):
        return {"prepared": True}

    def __len__(cls):
        return len(cls.fields)

class Model(metaclass=Meta):
    b = 1
    a: int = 2

class Sub(Model, flag=True):
    c = 3


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(Model.fields) + str(len(Model)) + str(Sub.fields)