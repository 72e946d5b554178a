def twice(n): return str(n) * 2
