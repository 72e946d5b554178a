def work(n):
    return str(n)
