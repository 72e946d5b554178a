def f(n): return "slow" + str(n)
