"""Calls on rented machines: E2B, Modal, Blaxel. A machine of its own for each call, ended with it."""
