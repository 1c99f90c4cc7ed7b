"""Cells as the language has them, most of them right in form and many wrong in meaning."""

NAMES = ["x", "y", "v", "w", "A", "W", "f", "g", "N", "h", "σ", "η", "nosuch", "a₁", "𝑥"]
NUMBERS = ["0", "1", "2", "3", "-1", "0.5", "1e-3", "1e300", "1e-320", "inf", "nan", "7", "100", "2.5", "9007199254740993"]
SIZES = ["0", "1", "2", "3", "5", "-1", "2.5", "1000", "100000", "3037000500", "9223372036854775807", "1e18"]
CALLS = [
    "sin", "cos", "exp", "ln", "sqrt", "abs", "sum", "mean", "max", "min", "norm", "prod", "std", "var", "median", "sort", "unique",
    "cumsum", "det", "inv", "trace", "rank", "pinv", "solve", "kron", "outer", "cross", "dot", "diag", "transpose", "reshape", "flatten",
    "hstack", "vstack", "concat", "where", "count", "softmax", "sigmoid", "relu", "argmax", "one_hot", "round", "floor", "mod", "shape",
    "standardize", "column", "list", "table", "latex", "display", "print", "help", "heatmap", "plot", "graph", "image", "forward",
    "backward", "loss", "predict", "step", "summary", "gradcheck", "evaluate", "check", "compare", "copy", "reset", "train", "jacobian",
    "hessian", "gradient", "derivative", "boundary", "diagram", "whatif", "landscape", "split", "dataset", "scalar_vs_vectorized"]
MAKERS = ["zeros", "ones", "eye", "rand", "randn", "linspace", "reshape"]
OPERATORS = ["+", "-", "*", "/", "^", "@", "·", "⊙", "⊗", "⊘", "==", "<", ">=", "!=", " and ", " or ", ":"]
WORDS = ["axis", "epochs", "learning_rate", "batch_size", "optimizer", "layer", "neuron", "example", "from", "to", "sample", "l2"]


class Grammar:
    """Writes cells by a source of chance."""

    def __init__(self, chance):
        self.chance = chance

    def some(self, *choices):
        return self.chance.choice(choices)

    def expression(self, depth=3):
        if depth <= 0:
            return self.some(self.name, self.number, lambda: f'"{self.name()}"')()
        return self.some(
            self.name, self.number, self.unary, self.binary, self.binary, self.call, self.call, self.bracket, self.index,
            self.derivative, self.maker, self.member, self.comprehension, self.choice)(depth - 1)

    # Every form takes the depth that is left; names and numbers have no use for it.

    def name(self, depth=0):
        return self.chance.choice(NAMES)

    def number(self, depth=0):
        return self.chance.choice(NUMBERS)

    def unary(self, depth):
        return self.some("-{}", "not {}", "({})", "|{}|", "‖{}‖", "{}'", "{}ᵀ", "{}²").format(self.expression(depth))

    def binary(self, depth):
        return f"{self.expression(depth)}{self.chance.choice(OPERATORS)}{self.expression(depth)}"

    def call(self, depth):
        arguments = [self.expression(depth - 1) for _ in range(self.chance.randrange(4))]
        if self.chance.random() < 0.2:
            arguments.append(f"{self.chance.choice(WORDS)} = {self.expression(0)}")
        return f"{self.chance.choice(CALLS + NAMES)}({', '.join(arguments)})"

    def maker(self, depth):
        sizes = ", ".join(self.chance.choice(SIZES) for _ in range(self.chance.randrange(1, 4)))
        return f"{self.chance.choice(MAKERS)}({sizes})"

    def bracket(self, depth):
        rows = [", ".join(self.expression(depth - 1) for _ in range(self.chance.randrange(4))) for _ in range(self.chance.randrange(1, 3))]
        return f"[{'; '.join(rows)}]"

    def index(self, depth):
        places = ", ".join(self.some(":", "1", "0", "2:3", self.expression(0)) for _ in range(self.chance.randrange(1, 4)))
        return f"{self.name()}[{places}]"

    def member(self, depth):
        return f"{self.name()}.{self.some('W', 'b', 'X', 'Y', 'loss', 'output', 'z', 'names', 'T')}{self.some('', '[1]', '[2][1,1]')}"

    def derivative(self, depth):
        return self.some("∂{0}/∂{1}", "∂({0})/∂{1}", "∇{1}", "{1}'(2)", "∂²f/∂x²", "∂f/∂x({0})").format(self.expression(depth - 1), self.name())

    def comprehension(self, depth):
        opening, closing = self.some("[]", ("sum(", ")"))
        return f"{opening}{self.expression(depth - 1)} for i in 1:{self.some('3', '0', '-2', 'v')}{closing}"

    def choice(self, depth):
        return f"if {self.expression(depth - 1)} {{ {self.expression(depth - 1)} }} else {{ {self.expression(depth - 1)} }}"

    def network(self):
        layers = "\n".join(
            f" dense {self.some('1', '2', '3', '0', '-1', '100', 'x')}{self.some('', ', relu', ', sigmoid', ', softmax', ', tanh', ', f', ', nosuch')}"
            f"{self.some('', ', b = none', ', W = [1, 2; 3, 4]', ', init = he', ', frozen = W')}" for _ in range(self.chance.randrange(4)))
        return f"network N {{\n input {self.some('1', '2', '3', '0', 'x1, x2')}\n{layers}\n{self.some('', ' loss mse', ' loss f', ' seed 3', ' precision float32')}\n}}"

    def statement(self):
        form = self.chance.randrange(12)
        if form < 4:
            return self.expression() + self.some("", ";")
        if form < 7:
            return f"{self.name()} = {self.expression()}"
        if form == 7:
            return f"{self.name()}({self.some('x', 'x, y', 'x: vector', 'A: matrix', 'x: vector(n)')}) = {self.expression()}"
        if form == 8:
            return self.network()
        if form == 9:
            return f"for i in 1:3 {{ {self.statement()} }}"
        if form == 10:
            return f"{self.some('explain', 'try', 'symbols', 'set')} {self.expression()}"
        return f"{self.name()}[{self.expression(0)}] = {self.expression(1)}"

    def cell(self):
        return "\n".join(self.statement() for _ in range(self.chance.choice((1, 1, 2, 4))))
