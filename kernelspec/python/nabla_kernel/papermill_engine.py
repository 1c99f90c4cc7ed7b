"""Parameters of papermill as Nabla's assignments: `papermill -p rate 0.1 in.ipynb out.ipynb`.

Papermill has no place where a package could announce how it writes parameters. It does load engines that packages announce; this
module is announced as one, which is papermill's own, and on the way tells it how Nabla writes values.
"""

import math

from papermill.engines import NBClientEngine
from papermill.translators import Translator, papermill_translators


class NablaTranslator(Translator):
    """Python's values in Nabla's notation."""

    @classmethod
    def translate_none(cls, val):
        return "nan"

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "nan"
        return repr(val) if math.isfinite(val) else "inf" if val > 0 else "-inf"

    @classmethod
    def translate_escaped_str(cls, str_val):
        text = str(str_val)
        for sign, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
            text = text.replace(sign, written)
        return f'"{text}"'

    @classmethod
    def translate_list(cls, val):
        # Numbers make a vector, rows of them a matrix; others a list.
        entries = ", ".join(cls.translate(entry) for entry in val)
        isNumeric = val and all(isinstance(entry, (int, float, list)) and not isinstance(entry, bool) for entry in val)
        return f"[{entries}]" if isNumeric else f"list({entries})"

    @classmethod
    def translate_dict(cls, val):
        raise NotImplementedError("Nabla has no dictionaries; give each value a parameter of its own")

    @classmethod
    def comment(cls, cmt_str):
        return f"# {cmt_str}".strip()


papermill_translators.register("nabla", NablaTranslator)


class NablaEngine(NBClientEngine):
    """Papermill's own engine; notebooks need not ask for this one by its name."""
