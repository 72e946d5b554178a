NAME = "kit"
from .deep import work
