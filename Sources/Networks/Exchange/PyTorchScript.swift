import Calculus
import MatrixEngine

/// A network as a program for PyTorch: the same weights, the lines of its layers, and examples with their outputs.
///
/// A layer is its lines here too, so that whatever has lines has a script.
struct PyTorchScript {
  let network: NetworkState
  /// What it computes when it is run. Shape: `x: [m, n]`, `outputs: [m, k]`.
  let x: Matrix<Double>
  let outputs: Matrix<Double>

  /// Throws: `DataError.notStorable`, naming the layer and the part of its lines that PyTorch has no form of.
  func text(_ path: String) throws(DataError) -> String {
    let precision = network.definition.precision == .float32 ? "float32" : "float64"
    var lines = [
      "\"\"\"The network \(network.name), as Nabla wrote it. Needs PyTorch alone: python3 \(DataFile.fileName(path))\"\"\"",
      "", "import torch", "from torch import nn", "", "torch.set_default_dtype(torch.\(precision))",
      "torch.set_printoptions(precision=17)", "", "", "class Network(nn.Module):",
      "    def __init__(self):", "        super().__init__()",
    ]
    let values = network.parameterValues
    for (place, layer) in network.layers.enumerated() {
      for (parameter, value) in zip(layer.parameters, values[place]) {
        lines.append(
          "        self.\(NetworkFile.tensorName(parameter, layer: place + 1)) = nn.Parameter(torch.tensor(\(Self.literal(NetworkFile.tensor(parameter, value)))))"
        )
      }
    }
    if values.allSatisfy(\.isEmpty) { lines.append("        # no parameters") }
    lines += ["", "    def forward(self, x):"]
    var input = "x"
    if !network.isOfVectors {
      lines.append("        x = x.reshape(x.shape[0], -1)  # an example a row")
    }
    // What goes on from each layer, 0 the input.
    var passed = [input]
    for place in network.layers.indices {
      let (own, output) = try self.lines(place, input, path)
      lines += own
      input = output
      for residual in network.residuals where residual.upperBound == place + 1 {
        lines.append("        s\(place + 1) = \(input) + \(passed[residual.lowerBound - 1])")
        input = "s\(place + 1)"
      }
      passed.append(input)
    }
    lines += ["        return \(input)", "", "", "if __name__ == \"__main__\":"]
    lines += [
      "    network = Network()", "    x = torch.tensor(\(Self.literal(x)))",
      "    nabla = torch.tensor(\(Self.literal(outputs)))",
      "    with torch.no_grad():", "        outputs = network(x)",
      "    for row in outputs.tolist():",
      "        print(*row)",
      "    print(\"largest difference from Nabla:\", (outputs - nabla).abs().max().item())",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The lines of a layer, and the name of what it gives.
  private func lines(_ place: Int, _ input: String, _ path: String) throws(DataError)
    -> (lines: [String], output: String)
  {
    let layer = network.layers[place]
    let title = "        # layer \(place + 1): \(layer.title)"
    if let (lines, output) = written(layer, place, input) {
      return ([title] + lines.map { "        " + $0 }, output)
    }
    var program = PythonProgram(layer: place + 1)
    let parameters = layer.parameters.map {
      "self.\(NetworkFile.tensorName($0, layer: place + 1)).reshape(1, -1)"
    }
    do throws(UnwritableFormula) {
      let output = try ProgramWriter.output(
        of: layer, input: input, parameters: parameters, to: &program)
      return ([title] + program.lines.map { "        " + $0 }, output)
    } catch {
      throw .notStorable(
        path: path, reason: "layer \(place + 1): PyTorch has no form of \(error.part)")
    }
  }

  /// The lines of a layer of vectors by its formulas; nil where these have no form of all examples at once.
  private func written(_ layer: any Layer, _ place: Int, _ input: String)
    -> (lines: [String], output: String)?
  {
    guard layer.isOfVectors, let formulas = try? LayerFormulas(layer, .forwardOnly).forward else {
      return nil
    }
    var names = [LayerLine.input: input]
    for parameter in layer.parameters {
      names[parameter.name] = "self.\(NetworkFile.tensorName(parameter, layer: place + 1))"
    }
    var lines: [String] = []
    for formula in formulas {
      guard let text = try? PythonFormula(names: names).text(formula.formula) else { return nil }
      names[formula.name] = "\(formula.name)\(place + 1)"
      lines.append("\(formula.name)\(place + 1) = \(text)")
    }
    return (lines, formulas.last.map { "\($0.name)\(place + 1)" } ?? input)
  }

  /// Numbers in brackets, as Python reads them back bit for bit.
  private static func literal(_ value: Tensor<Double>) -> String {
    value.bracketed(PythonFormula.number)
  }
}
