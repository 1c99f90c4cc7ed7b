"""Forty kinds of work that an interrupt must end at once: for each, what stands before it, and the cell that takes long."""

NET = "network N { input 2\n dense 64, tanh\n dense 1, sigmoid\n loss bce }\nd = dataset(\"moons\");\n"
WIDE = "network N { input 400\n dense 800, tanh\n dense 800, tanh\n dense 1, sigmoid\n loss bce }\nX = rand(20000, 400);\nY = one_hot(ones(20000))[:, 1];\n"
LARGE = "B = rand(6000, 6000);\n"
SQUARE = "A = rand(1500, 1500);\n"
ENDLESS = "while true {{ {} }}"

KINDS = {
    # Loops of the language.
    "while loop": ("", ENDLESS.format("1")),
    "for loop": ("t = 0\n", "for i in 1:1000000000 { t = t + i }"),
    "loop in a function": ("f(n) = sum(sin(i) for i in 1:n)\n", "f(1000000000)"),
    "recursion": ("fib(n) = if n < 2 { n } else { fib(n - 1) + fib(n - 2) }\n", ENDLESS.format("fib(20)")),
    "list": ("", "[i^2 for i in 1:60000000];"),
    "long cell": ("", "1" + " + 1" * 150_000),
    "printing": ("", "for i in 1:100000000 { print(i) }"),
    "displaying": ("", "for i in 1:100000000 { display(i) }"),
    "input": ("", 'input("wait ")'),
    # Arrays, in one call each.
    "product": (LARGE, "B @ B;"),
    "chain of products": (SQUARE, "A" + " @ A" * 30 + ";"),
    "power": (SQUARE, "A^1000;"),
    "element by element": (LARGE, "exp(B) + sin(B) * B - B / 2;"),
    "functions of one's own": ("g(x) = exp(x)*sin(x)\n" + LARGE, "g(B);"),
    "transposed": (LARGE, "B' + B';"),
    "sort": ("v = rand(20000000);\n", "sort(v);"),
    "unique": ("v = rand(10000000);\n", "unique(v);"),
    "median": ("v = rand(20000000);\n", "median(v);"),
    "median of columns": (LARGE, "median(B, axis = 1);"),
    "running sums": ("v = rand(60000000);\n", "cumsum(v);"),
    "sums of rows": (LARGE, "sum(B, axis = 2) + mean(B, axis = 2) + std(B, axis = 2);"),
    "inverse": (SQUARE, "inv(A);"),
    "determinant": ("A = rand(2500, 2500);\n", "det(A);"),
    "rank": (SQUARE, "rank(A);"),
    "pseudo-inverse": (SQUARE, "pinv(A);"),
    "linear equations": ("A = rand(2500, 2500);\n", "solve(A, A);"),
    "random numbers": ("", "randn(8000, 8000);"),
    "range": ("", "1:60000000;"),
    "Kronecker's product": ("", "kron(ones(90, 90), ones(90, 90));"),
    "outer product": ("", "outer(1:8000, 1:8000);"),
    "stacking": (LARGE, "hstack(B[:, 1:5000], B[:, 1:5000]);"),
    "choosing": (LARGE, "where(B > 0.5, B, -B);"),
    "parts": (LARGE, "B[1:5999, 1:5999] - B[2:6000, 2:6000];"),
    "largest places": (LARGE, "argmax(B);"),
    "softmax": (LARGE, "softmax(B);"),
    "one-hot": ("", "one_hot(1:8000);"),
    "standardized": (LARGE, "standardize(B);"),
    # Networks.
    "training": (NET, "train(N, d, epochs = 1000000);"),
    "training in batches by Adam": (NET, "train(N, d, epochs = 1000000, batch_size = 8, optimizer = adam);"),
    "training of a wide network": (WIDE, "train(N, X, Y, epochs = 1000);"),
    "forward": (WIDE, "forward(N, X);"),
    "backward": (WIDE, "backward(N, X, Y);"),
    "predictions": (WIDE, "predict(N, X) + predict(N, X) + predict(N, X);"),
    "checked gradients": (NET + "network W { input 2\n dense 200, tanh\n dense 200, tanh\n dense 1, sigmoid\n loss bce }\n", "gradcheck(W, d);"),
    "loops against matrices": (WIDE, "scalar_vs_vectorized(N, X, Y);"),
    # Formulas.
    "derivation": ("h(x) = " + "*".join(f"sin(x^{n} + cos(x*{n}))" for n in range(1, 12)) + "\n", ENDLESS.format("∂²h/∂x²")),
    "explanation": (WIDE, "explain backward(N, X, Y)"),
    # Pictures.
    "heat map": (LARGE, "heatmap(B);"),
    "image": (LARGE, "image(B);"),
    "boundary": (WIDE.replace("input 400", "input 2").replace("400)", "2)"), "boundary(N, X, Y);"),
    "landscape": (WIDE, "landscape(N, X, Y, W[1][1,1], W[2][1,1]);"),
    "sliders": (NET, "explore(loss(N, d) + sum(rand(s, s) @ rand(s, s)), s = [500, 1000, 1500, 2000])"),
    # Files.
    "saving text": (LARGE, 'save(B, "interrupted.csv")'),
    "saving numbers": (LARGE, 'save(B, "interrupted.npy")'),
    "saving an archive": ("L = rand(20000, 785);\nsave(L, \"long.csv\");\nD = load(\"long.csv\", target = \"x785\");\n", 'save(D, "interrupted.npz")'),
    "loading text": ('save(rand(4000, 800), "long.csv");\n', 'load("long.csv");'),
    "loading numbers": ('save(rand(60000000), "long.npy");\n', 'load("long.npy");'),
}
