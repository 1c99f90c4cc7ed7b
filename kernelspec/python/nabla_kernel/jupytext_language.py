"""Nabla among jupytext's languages: `.nabla` scripts with `# %%` before each cell, and prose behind `#`.

Jupytext keeps a table of languages, from which it makes its formats when it is imported, and has no door to it. So the file
`nabla_kernel.pth` beside this package lets Python tell when that module comes, and then the table has one more line.
Nothing else is touched, and nothing is imported before jupytext is.
"""

import sys

TABLE = "jupytext.languages"


class _Waiting:
    """A finder that finds nothing, but sees what is looked for."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != TABLE:
            return None
        sys.meta_path.remove(_Waiting)
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(name, path, target)
        if spec and spec.loader:
            run = spec.loader.exec_module

            def exec_module(module):
                run(module)
                add(module)

            spec.loader.exec_module = exec_module
        return spec


def add(languages):
    """Adds the language to jupytext's tables, as its own are."""
    try:
        languages._SCRIPT_EXTENSIONS.setdefault(".nabla", {"language": "nabla", "comment": "#"})
        languages._COMMENT.setdefault("nabla", "#")
        for names in (languages._JUPYTER_LANGUAGES, languages._JUPYTER_LANGUAGES_LOWER_AND_UPPER):
            names.add("nabla")
    except (AttributeError, TypeError):
        # Another jupytext, with other tables: it goes on without.
        return


if TABLE not in sys.modules and _Waiting not in sys.meta_path:
    sys.meta_path.insert(0, _Waiting)
