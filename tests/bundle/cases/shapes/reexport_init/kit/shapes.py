__all__ = ['Shape']
class Shape:
    def __init__(self, n): self.name = f'shape{n}'
