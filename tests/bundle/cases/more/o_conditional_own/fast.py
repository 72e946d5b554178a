def f(n): return "fast" + str(n)
