ROWS = []
def add(x):
    ROWS.append(x)
    return len(ROWS)
