"""Calls of pure tools in WebAssembly: a CPython without processes, sockets or native code, on any system."""
