"""Nabla for Pygments: the colours of pages that nbconvert makes, of `jupyter console` and of Sphinx.

The names of functions, activations and losses are those of the language reference; `kernelspec/wheel` writes them beside
this file, as it does for JupyterLab.
"""

import json
from pathlib import Path

from pygments.lexer import RegexLexer, bygroups, words
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Text

_NAMES = json.loads((Path(__file__).parent / "names.json").read_text(encoding="utf-8"))
_NAME = r"[^\W\d][\w₀-₉]*"
_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?"
_END = r"(?![\w₀-₉])"
# A line of a network block begins with one of these words.
_ITEM = rf"({'|'.join(_NAMES['items'])}){_END}(?!\s*[=(])"


class NablaLexer(RegexLexer):
    """Colours Nabla as its mode for JupyterLab does, by a look at the words."""

    name = "Nabla"
    aliases = ["nabla"]
    filenames = ["*.nabla"]
    mimetypes = ["text/x-nabla"]

    tokens = {
        "root": [
            (rf"(^[ \t]*){_ITEM}", bygroups(Text, Keyword.Declaration)),
            (rf"([{{;])([ \t]*){_ITEM}", bygroups(Punctuation, Text, Keyword.Declaration)),
            (r"\n|[^\S\n]+", Text),
            (r"#.*$", Comment.Single),
            (r'"(?:\\.|[^"\\\n])*"?', String.Double),
            # A block's head, with the name that it defines.
            (rf"\b(network|perceptron|layer)(\s+)({_NAME})", bygroups(Keyword, Text, Name.Class)),
            # A definition: f(x, A: matrix) =
            (rf"({_NAME})(?=\([^()\n]*\)\s*=(?!=))", Name.Function),
            # An argument's keyword, before the word lists: many are functions too.
            (rf"({_NAME})(?=\s*=(?!=))", Name.Variable),
            (words(_NAMES["keywords"], prefix=r"\b", suffix=_END), Keyword),
            (words(("true", "false"), prefix=r"\b", suffix=_END), Keyword.Constant),
            (words(_NAMES["constants"], suffix=_END), Name.Constant),
            (words(_NAMES["functions"] + _NAMES["activations"] + _NAMES["losses"], suffix=_END), Name.Builtin),
            (words(_NAMES["kinds"], prefix=r"\b", suffix=_END), Keyword.Type),
            (_NAME, Name),
            (_NUMBER, Number),
            (r"[⁰¹²³⁴-⁹⁺⁻ⁿⁱᵀ]+", Operator),
            (r"[=!<>]=|[-+*/^@·⋅×⊙⊗⊘−≤≥≠<>=:|‖∂∇√∑'′]", Operator),
            (r"[()\[\]{},;.?]", Punctuation),
            (r".", Text),
        ],
    }
