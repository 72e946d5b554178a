class Mine(ValueError):
    """Mine."""
    def __str__(self): return "mine:" + super().__str__()
