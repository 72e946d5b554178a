"""Where tools are published and found: the client of a Hub, publish, search, and a Hub of one's own.

`client` alone talks to huggingface_hub; `server` is a whole Hub over bare git repositories, so that
everything works without an account and no test needs a mock.
"""
