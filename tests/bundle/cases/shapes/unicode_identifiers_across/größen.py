final = 'é'
def länge(t): return len(t)
