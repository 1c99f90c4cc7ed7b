extension Keyword {
  /// Lines that use it, for the reference. They run behind the definition of the lecture's network and its example.
  package var example: String {
    switch self {
    case .and: "2 > 1 and 3 > 1"
    case .or: "2 > 1 or 3 < 1"
    case .not: "not 2 > 1"
    case .if: "step_at_one(z) = if z >= 1 { 1 } else { 0 }\nstep_at_one([0, 1, 2])"
    case .else: "if 2 > 1 { print(\"more\") } else { print(\"less\") }"
    case .for: "for i in 1:3 { print(i, i^2) }"
    case .in: "sum(i^2 for i in 1:5)"
    case .while: "k = 1\nwhile k < 100 { k = 2*k }\nk"
    case .true: "true"
    case .false: "false"
    case .set: "set digits = 6\npi\nset digits = 4"
    case .try: "try ln(-1)"
    case .symbols: "symbols u, v: vector(n)\n∂(u · v)/∂u"
    case .explain: "explain forward(Lecture, x), layer = 1"
    case .audit: "audit {\n    p = (q + 1)^2\n    = q^2 + 2*q + 1\n    = q^2 + 2*q + 2\n}"
    case .assume: "audit {\n    assume q in 0..1\n    p = abs(q)\n    = q\n}"
    case .exercise: "exercise forward(Lecture, x), blanks = 3, seed = 3"
    case .network: "network Tiny { input 2; dense 3, relu; dense 1, sigmoid }"
    case .perceptron:
      "perceptron Two { input 2; threshold 0; W = [0.3, -0.1]; b = none }\npredict(Two, [1, 1])"
    case .layer:
      "layer Mix(Q: matrix(t, d), k) { parameter M: matrix(d, k); Q @ M }\nnetwork Mixed { input matrix(2, 3); Mix 2 }"
    case .parameter:
      "layer Scaled(q: vector(n)) { parameter c: vector(n) = ones; c*q }\nnetwork Scaling { input 2; Scaled }\npredict(Scaling, [3, 4])"
    case .running:
      "layer Centred(Q: batch(m, n)) { μ = mean(Q, axis = 1); running μ = 0; Q - μ }\nnetwork Centring { input 2; Centred }\npredict(Centring, [1, 2; 3, 4])"
    case .input: "network Named { input height, width; dense 1 }"
    case .residual:
      "network Sum { input 2; residual { dense 2, relu, W = eye(2) } }\npredict(Sum, [1, -2])"
    case .loss:
      "network Squared { input 1; dense 1, sigmoid, W = [2]; loss mse }\nloss(Squared, [1], [1])"
    case .seed: "network Drawn { input 2; dense 2; seed 7 }\nDrawn.W[1]"
    case .precision:
      "network Short { input 1; dense 1, W = [0.1]; precision float32 }\npredict(Short, [3])"
    case .threshold:
      "perceptron Half { input 1; W = [1]; threshold 0.5 }\npredict(Half, [0.4; 0.5])"
    case .strict:
      "perceptron Above { input 1; W = [1]; threshold 0.5; strict }\npredict(Above, [0.5; 0.6])"
    case .outputs:
      "perceptron Sign { input 1; W = [1]; threshold 0; outputs -1, 1 }\npredict(Sign, [-2; 2])"
    }
  }
}
