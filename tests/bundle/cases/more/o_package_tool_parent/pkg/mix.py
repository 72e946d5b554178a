SEP = "-"
class Mix:
    def mixed(self, x): return SEP + str(x)
