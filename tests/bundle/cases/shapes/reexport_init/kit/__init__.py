from .voice import loud as shout, loud
from kit.shapes import *
from ._version import VERSION
__all__ = ['shout', 'Shape', 'VERSION']
