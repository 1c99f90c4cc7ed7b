"""An extension of Jupyter's server: what a kernel says goes to the browser at once.

Of several short messages that follow each other, as every move of a slider brings them, the system holds all but the first back until the browser
has confirmed it, which it does up to 40 ms later (Nagle's algorithm beside delayed acknowledgements). Tornado leaves that on for WebSockets; see
`tornado.websocket.WebSocketHandler.set_nodelay`.
"""

CONNECTION = "kernel_websocket_connection_class"


def prompt(connection):
    """The class of connections with a socket that waits for nothing."""

    class PromptConnection(connection):
        def connect(self):
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return PromptConnection


def _jupyter_server_extension_points():
    return [{"module": "nabla_kernel.server"}]


def _load_jupyter_server_extension(app):
    settings = app.web_app.settings
    if settings.get(CONNECTION):
        settings[CONNECTION] = prompt(settings[CONNECTION])
