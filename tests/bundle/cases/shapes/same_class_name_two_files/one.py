class Config:
    name = 'one'
    def __repr__(self): return 'one!'
def load() -> 'Config':
    return Config()
