import Calculus
import MatrixEngine
import Networks
import Testing

extension Activation: CustomTestStringConvertible {
  public var testDescription: String { notation }
}

@Suite("Activation functions, all of the registry")
struct ActivationTests {
  static let variants =
    NetworkCatalog.standard.activations + [.leakyReLU(slope: 0.2), .unitStep(threshold: 0.5)]
    + [0.5].compactMap { Activation.elu.with(parameter: $0) }
  static let points = [-30, -3, -1.5, -0.2, 0.1, 0.7, 2, 30]

  @Test("names and aliases are found, and are unique")
  func names() {
    let names = NetworkCatalog.standard.activations.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
    for activation in NetworkCatalog.standard.activations {
      for name in [activation.name] + activation.aliases {
        #expect(NetworkCatalog.standard.activations[name] == activation)
      }
    }
    #expect(NetworkCatalog.standard.activations["heaviside"] == .unitStep)
    #expect(NetworkCatalog.standard.activations["linear"] == .identity)
    #expect(NetworkCatalog.standard.activations["swish"] == .silu)
  }

  @Test("the derivative is that of finite differences", arguments: variants)
  func derivatives(_ activation: Activation) throws {
    guard activation.gradientRefusal == nil, activation.isElementwise else { return }
    for z in ActivationTests.points {
      let h = 1e-6
      let numeric = (activation.value(z + h) - activation.value(z - h)) / (2 * h)
      #expect(abs(try activation.derivative(z) - numeric) < 1e-8)
    }
  }

  @Test("values lie in the range that is shown", arguments: variants)
  func ranges(_ activation: Activation) {
    for z in ActivationTests.points {
      let a = activation.value(z)
      switch activation.range {
      case "(0, 1)": #expect(a >= 0 && a <= 1)
      case "(-1, 1)": #expect(a >= -1 && a <= 1)
      case "[0, ∞)": #expect(a >= 0)
      case "{0, 1}": #expect(a == 0 || a == 1)
      case "[-1, 1]": #expect(a >= -1 && a <= 1)
      case "(0, ∞)": #expect(a > 0)
      case "{-1, 0, 1}": #expect(a == -1 || a == 0 || a == 1)
      case "[-0.2785, ∞)": #expect(a >= -0.2785)
      case "[-0.17, ∞)": #expect(a >= -0.17)
      case "(-α, ∞)": #expect(a >= -(activation.parameter?.value ?? 0))
      default: #expect(activation.range == "(-∞, ∞)")
      }
    }
  }

  @Test("its definition, its function and its kernel are one in the calculus", arguments: variants)
  func definition(_ activation: Activation) throws {
    let z = try #require(activation.definition.symbols.first)
    let function = try activation.expression(.symbol(z))
    let points: [Tensor<Double>] =
      activation.isElementwise
      ? ActivationTests.points.map { .scalar($0) }
      : [.vector([-1, 0.5, 2]), .vector([3, 3, 3]), .vector([0.1])]
    for point in points {
      let values = [z.name: point]
      let row = Matrix(rows: 1, columns: point.storage.count, storage: point.storage)
      let kernel = activation.value(row).storage
      let defined = try activation.definition.value(at: values)
      let named = try function.value(at: values)
      for (a, (b, c)) in zip(kernel, zip(defined.storage, named.storage)) {
        #expect(abs(a - b) < 1e-14 && abs(a - c) < 1e-14)
      }
      guard activation.gradientRefusal == nil else {
        // Either the calculus refuses too, or the slope is 0.
        let slope = try? function.derivative(by: z).expression
        #expect(slope?.isZero ?? true)
        continue
      }
      // The slope of the definition, of the function, and of the kernel.
      let first = try activation.definition.derivative(by: z).expression.value(at: values)
      let second = try function.derivative(by: z).expression.value(at: values)
      for (a, b) in zip(first.storage, second.storage) { #expect(abs(a - b) < 1e-13) }
      if activation.isElementwise {
        #expect(abs(try activation.derivative(point.storage[0]) - first.storage[0]) < 1e-13)
      }
    }
  }

  @Test("a layer computes the function of the same name", arguments: variants, Precision.allCases)
  func layers(_ activation: Activation, _ precision: Precision) throws {
    let k = 3
    let network = try Network(
      NetworkDefinition(
        name: "N", inputs: k,
        layers: [
          Dense(
            units: k, activation: activation, weights: try .identity(k))
        ], precision: precision))
    let x = Matrix<Double>(rows: 2, columns: k, storage: [-2, 0, 0.75, 1.5, 0.5, -0.25])
    let output = try network.predict(x)
    let tolerance = precision == .float64 ? 1e-15 : 1e-6
    for (a, b) in zip(output.storage, activation.value(x).storage) {
      #expect(abs(a - b) <= tolerance)
    }
  }

  @Test("conventions at kinks")
  func kinks() throws {
    #expect(try Activation.relu.derivative(0) == 0)
    #expect(try Activation.leakyReLU(slope: 0.2).derivative(0) == 0.2)
    #expect(Activation.unitStep(threshold: 0.5).value(0.5) == 1)
    #expect(Activation.unitStep.value(-0.1) == 0)
    #expect(Activation.leakyReLU.value(-2) == -0.02)
  }

  @Test("a NaN goes through and is seen", arguments: variants)
  func notANumber(_ activation: Activation) {
    #expect(activation.value(.nan).isNaN)
  }

  @Test("no gradient passes through unit_step, and the message says why")
  func refusal() throws {
    let error = #expect(throws: NetworkError.self) { try Activation.unitStep.derivative(1) }
    #expect(error?.kind == .gradient)
    #expect(error?.message.contains("0 wherever it exists") == true)
  }

  @Test("notation")
  func notation() {
    #expect(Activation.leakyReLU.notation == "leaky_relu")
    #expect(Activation.leakyReLU(slope: 0.2).notation == "leaky_relu(0.2)")
    #expect(Activation.unitStep(threshold: 2).notation == "unit_step(2)")
    #expect(Activation.relu.with(parameter: 1) == nil)
    #expect(Activation.leakyReLU.with(parameter: 0.3) == .leakyReLU(slope: 0.3))
  }

  /// z³ + 1, which has no sign of its own in the calculus.
  private struct Cubic: ActivationRule {
    func value<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar { z * z * z + 1 }
    func derivative<Scalar: MatrixScalar>(_ z: Scalar, value a: Scalar) -> Scalar { 3 * z * z }
  }

  @Test("an activation that the calculus has no sign for is its definition there, not the identity")
  func ownDefinition() throws {
    let definition = try Expression.add([.power(.netInput, .number(3)), .number(1)])
    let cubic = Activation(
      Cubic(), name: "cubic", definition: definition, range: "(-inf, inf)")
    let x = Expression.symbol("x")
    #expect(try cubic.expression(x).text == "x^3 + 1")
    #expect(try cubic.expression(x).derivative(by: Symbol("x")).expression.text == "3*x^2")
    let layer = Expression.symbol("Z^[1]", .matrix(.number(2), .number(3)))
    #expect(try cubic.expression(layer).shape == layer.shape)
    for activation in NetworkCatalog.standard.activations
    where activation.isElementwise && activation.gradientRefusal == nil {
      for z in ActivationTests.points {
        let value = try activation.expression(x).value(at: ["x": .scalar(z)]).storage[0]
        #expect(abs(value - activation.value(z)) < 1e-14)
      }
    }
  }
}
