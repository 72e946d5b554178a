from config import SETTINGS
import helpers2 as h2
def go(n): return h2.twice(n) + SETTINGS["x"]
