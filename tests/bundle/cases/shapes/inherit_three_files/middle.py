from bottom import Bottom, helper as base_helper


def helper():
    return "middle"


class Middle(Bottom):
    def suffix(self):
        return super().suffix() + helper() + base_helper()
