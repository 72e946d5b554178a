class Config:
    name = 'two'
def load() -> "Config":
    return Config()
