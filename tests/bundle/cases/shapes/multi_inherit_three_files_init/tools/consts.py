DEFAULTS = {'host': 'h'}
TIMEOUT = 3 * 2
