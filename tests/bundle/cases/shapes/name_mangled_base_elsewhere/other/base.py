__doc_name__ = "base"


class Mixin:
    __word = "mixin"

    def secret(self):
        return self.__word
