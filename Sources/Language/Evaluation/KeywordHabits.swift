/// Keywords that people bring from PyTorch, Keras, scikit-learn, matplotlib and MATLAB.
enum KeywordHabits {
  /// The keyword of a command that is meant; nil where the command has none of that meaning.
  static func name(for foreign: String, in names: [String]) -> String? {
    let word = foreign.lowercased()
    return names.first { spellings[$0]?.contains(word) == true }
  }

  /// What a keyword is called elsewhere, in small letters.
  private static let spellings: [String: Set<String>] = [
    "epochs": [
      "n_epochs", "num_epochs", "nepochs", "iterations", "iters", "n_iter", "max_iter", "maxiter",
      "steps",
    ],
    "learning_rate": [
      "rate", "step_size", "stepsize", "learn_rate", "learning_rate_init", "schedule", "scheduler",
      "lr_schedule",
    ],
    "batch_size": ["batch", "bs", "minibatch", "mini_batch", "mini_batch_size", "minibatchsize"],
    "optimizer": ["opt", "solver", "algorithm", "method", "momentum", "beta1", "beta2", "β", "μ"],
    "l2": [
      "weight_decay", "decay", "wd", "lambda", "λ", "reg", "regularization", "penalty", "ridge",
      "l2_penalty", "kernel_regularizer",
    ],
    "l1": ["lasso", "l1_penalty", "sparsity"],
    "clip": [
      "clip_norm", "clipnorm", "max_norm", "max_grad_norm", "gradient_clip", "clip_grad",
    ],
    "validation": [
      "val", "validation_data", "validation_split", "validation_fraction", "eval_set", "test",
    ],
    "patience": ["early_stopping", "n_iter_no_change", "stop"],
    "every": ["verbose", "print_every", "log_every"],
    "tolerance": ["tol", "atol", "rtol", "eps", "epsilon"],
    "units": ["tol", "tolerance", "atol", "ulp"],
    "test": ["test_size", "ratio", "frac", "fraction", "test_fraction"],
    "seed": ["random_state", "random_seed", "rng"],
    "target": ["y", "label", "labels", "target_column", "y_col"],
    "like": ["fit", "reference", "ref", "train"],
    "from": ["xmin", "x_min", "start", "xlim"],
    "to": ["xmax", "x_max", "stop", "end"],
    "points": ["scatter", "marker", "markers", "dots"],
    "xlabel": ["x_label", "xaxis", "xname", "x_title"],
    "ylabel": ["y_label", "yaxis", "yname", "y_title"],
    "title": ["heading", "caption", "name"],
    "log": ["logy", "semilogy", "yscale", "log_scale", "logscale"],
    "axis": ["dim", "dims", "axes"],
    "sample": ["ddof", "unbiased", "correction"],
  ]

  /// What stands elsewhere than in a keyword.
  static let help: [String: String] = {
    let loss = "a network has its own loss: network N { …; loss mean_squared_error }"
    let look = "pictures choose their colours, lines and sizes themselves"
    var help = [
      "xlim": "from = 0, to = 1 is the range",
      "activation": "a layer's line has it: dense 8, relu",
    ]
    for word in ["loss", "loss_fn", "loss_function", "criterion"] { help[word] = loss }
    for word in ["color", "colour", "c", "linewidth", "linestyle", "lw", "ls", "figsize", "cmap"] {
      help[word] = look
    }
    return help
  }()
}
