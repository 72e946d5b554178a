def core(n): return n + 1
