"""Students' servers by fork. A server of JupyterLab imports for more than a second before it does anything, and holds all of that for itself;
the nursery imports once, and each server is a child of it that shares what is imported.

For servers that all run as the hub's own account, as SimpleLocalProcessSpawner's do. Read first: `nurse`.
"""

import json
import os
import resource
import signal
import socket
import subprocess
import sys

from jupyterhub.spawner import SimpleLocalProcessSpawner
from jupyterhub.utils import random_port
from traitlets import Integer


class NurserySpawner(SimpleLocalProcessSpawner):
    """Asks the nursery for a server; everything else is its parent's."""

    address_space = Integer(0, config=True, help="What a server, and each of its kernels, may have of addresses, in bytes; 0 for all.")
    nursery = None

    @classmethod
    def prepare(cls):
        """Starts the nursery, so that the first student does not wait for it. It ends with the hub."""
        if cls.nursery is None:
            cls.nursery, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                subprocess.Popen([sys.executable, __file__, str(theirs.fileno())], pass_fds=[theirs.fileno()], start_new_session=True)

    async def start(self):
        self.prepare()
        if self.port == 0:
            self.port = random_port()
        os.makedirs(self.home_dir, exist_ok=True)
        wish = {"arguments": [*self.cmd, *self.get_args()], "environment": self.get_env(), "folder": self.home_dir,
                "addresses": self.address_space}
        self.nursery.sendall(json.dumps(wish).encode())
        self.proc, self.pid = None, int(self.nursery.recv(32))
        return (self.ip or "127.0.0.1", self.port)


def nurse(hub):
    """Waits for wishes and forks; a child leaves by becoming a server."""
    # Long to import, and the same for all.
    import jupyter_server.services.contents.largefilemanager  # noqa: F401
    import jupyter_server.services.kernels.kernelmanager  # noqa: F401
    import jupyterhub.singleuser.extension  # noqa: F401
    import jupyterlab.labapp  # noqa: F401
    from jupyterhub.singleuser import main

    # Children that have ended leave nothing behind.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while message := hub.recv(1 << 20):
        wish = json.loads(message)
        child = os.fork()
        if child:
            hub.sendall(str(child).encode())
            continue
        hub.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        os.environ.clear()
        os.environ.update(wish["environment"])
        os.chdir(wish["folder"])
        if wish["addresses"]:
            resource.setrlimit(resource.RLIMIT_AS, (wish["addresses"], wish["addresses"]))
        sys.argv = wish["arguments"]
        return main()
    return 0


if __name__ == "__main__":
    sys.exit(nurse(socket.socket(fileno=int(sys.argv[1]))))
