"""Runs a call somewhere else: in a container or a virtual machine that has a Python.

Everything that the call needs is packed into one archive; inside, the same supervisor as on this machine runs it
(without namespaces, where those are forbidden there), and its observation comes back as JSON.
"""
