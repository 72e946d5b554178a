UNIT = 'm'
OTHER = UNIT * 2
