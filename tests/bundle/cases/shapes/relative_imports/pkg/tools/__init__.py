from .run import run_it
