def up(x): return str(x).upper()
