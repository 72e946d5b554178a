from .. import X
Y = X + "a"
