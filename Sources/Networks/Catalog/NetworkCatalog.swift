/// Everything that networks can be made of and trained with, by name.
///
/// A session is given one when it is made; whoever wants more than the standard one adds to a copy.
package struct NetworkCatalog: Sendable {
  package var activations: Registry<Activation>
  package var losses: Registry<Loss>
  package var layers: Registry<LayerKind>
  package var initializers: Registry<Initializer>
  package var optimizers: Registry<Optimizer>
  package var datasets: Registry<DatasetGenerator>
  /// The loss of a network that names none and whose outputs belong to no loss.
  package var usualLoss: Loss

  /// What the language reference lists, in its order.
  package static let standard = NetworkCatalog(
    activations: Registry([
      .sigmoid, .tanh, .relu, .leakyReLU, .elu, .gelu, .silu, .softplus, .hardTanh, .softsign,
      .unitStep, .sign, .identity, .softmax,
    ]),
    losses: Registry([
      .binaryCrossEntropy, .meanSquaredError, .categoricalCrossEntropy, .halfSquaredError,
      .absoluteError, .huber, .hinge,
    ]),
    layers: Registry([.dense]),
    initializers: Registry([
      .xavier, .he, .zeros, .normal(deviation: 0.1), .uniform(radius: 0.5),
    ]),
    optimizers: Registry([
      .sgd, .momentum, .nesterov, .adagrad, .rmsprop, .adam, .adamw,
    ]),
    datasets: Registry([
      .and, .or, .nand, .xor, .moons, .circles, .spiral, .blobs, .iris, .digits, .counting,
    ]),
    usualLoss: .meanSquaredError)

  /// The loss of a network that names none: the one that goes together with its last activation.
  package func loss(for activation: Activation?) -> Loss {
    guard let activation else { return usualLoss }
    return losses.first { $0.fusion?.activation == activation } ?? usualLoss
  }
}
