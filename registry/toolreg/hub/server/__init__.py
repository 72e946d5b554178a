"""A Hub of one's own: the Hub's HTTP API over bare git repositories in a folder.

    with running(Path("hub")) as endpoint:
        HfApi(endpoint=endpoint, token=False).list_spaces()

Repositories lie at `<root>/spaces/<namespace>/<name>`, plain bare git that `git clone` reads. Several
processes may serve one root at once: every change is a compare-and-set under a file lock.
"""

from toolreg.hub.server.app import create_app
from toolreg.hub.server.run import running, serve

__all__ = ["create_app", "running", "serve"]
