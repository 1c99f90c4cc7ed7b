import MatrixEngine
import Networks
import Testing

@Suite("The lecture's worked example, to 1e-14")
struct WorkedExampleTests {
  static func near(_ actual: [Double], _ expected: [Double], within tolerance: Double = 1e-14) {
    #expect(actual.count == expected.count)
    for (a, e) in zip(actual, expected) {
      #expect(Samples.relativeDifference(a, e) <= tolerance, "\(a) is not \(e)")
    }
  }

  @Test("forward, loss and backward", arguments: 0..<3)
  func passes(_ index: Int) throws {
    let step = WorkedExample.steps[index]
    let network = try Samples.lecture()
    for _ in 0..<step.updates { _ = try network.step(Samples.x, Samples.y, learningRate: 0.1) }
    #expect(network.updates == step.updates)
    WorkedExampleTests.near(Samples.parameters(network), step.parameters)

    let forward = try network.forward(Samples.x)
    #expect(forward.a[0] == Samples.x)
    for l in 0..<3 {
      WorkedExampleTests.near(forward.z[l].storage, step.z[l])
      WorkedExampleTests.near(forward.a[l + 1].storage, step.a[l])
    }
    #expect(forward.output == forward.a[3])
    WorkedExampleTests.near([try network.loss(Samples.x, Samples.y)], [step.loss])

    let gradients = try network.backward(Samples.x, Samples.y)
    WorkedExampleTests.near([gradients.loss], [step.loss])
    for l in 0..<3 {
      WorkedExampleTests.near(gradients.a[l + 1].storage, step.gradientA[l])
      WorkedExampleTests.near(gradients.z[l].storage, step.gradientZ[l])
      WorkedExampleTests.near(gradients.z[l].storage, step.gradientZ[l])
    }
    WorkedExampleTests.near(gradients.a[0].storage, [step.inputGradient])
    WorkedExampleTests.near(
      zip(gradients.weights, gradients.biases).flatMap { $0.storage + $1 }, step.gradients)
  }

  @Test("a training gives the losses and weights of all epochs")
  func training() throws {
    let network = try Samples.lecture()
    let history = try network.train(
      Samples.x, Samples.y, TrainingOptions(epochs: 1000, learningRate: 0.1))
    #expect(history.epochs == Array(0...1000))
    for (epoch, loss, _) in WorkedExample.epochs {
      // The published check between float64 programs differs by 4e-14 over 1000 epochs.
      let tolerance = epoch < 10 ? 1e-14 : 1e-13
      WorkedExampleTests.near([history.loss[epoch]], [loss], within: tolerance)
    }
    #expect(history.accuracy.allSatisfy { $0 == 1 })
    #expect(network.updates == 1000)
  }

  @Test("weights after epochs", arguments: WorkedExample.parametersAfter.keys.sorted())
  func weights(_ epochs: Int) throws {
    let network = try Samples.lecture()
    _ = try network.train(Samples.x, Samples.y, TrainingOptions(epochs: epochs, learningRate: 0.1))
    WorkedExampleTests.near(
      Samples.parameters(network), WorkedExample.parametersAfter[epochs] ?? [],
      within: epochs < 10 ? 1e-14 : 1e-13)
    let output = WorkedExample.epochs.first { $0.epoch == epochs }?.output ?? 0
    WorkedExampleTests.near(try network.predict(Samples.x).storage, [output], within: 1e-14)
  }

  @Test("a step and a training epoch make the same update")
  func sameUpdate() throws {
    let (one, other) = (try Samples.lecture(), try Samples.lecture())
    let update = try one.step(Samples.x, Samples.y)
    _ = try other.train(Samples.x, Samples.y, TrainingOptions(epochs: 1))
    #expect(Samples.parameters(one) == Samples.parameters(other))
    #expect(Samples.parameters(Network(update.new)) == Samples.parameters(one))
    #expect(Samples.parameters(Network(update.old)) == WorkedExample.steps[0].parameters)
    WorkedExampleTests.near([update.before, update.after], WorkedExample.steps[0...1].map(\.loss))
    #expect(update.changes.count == 17)
    let largest = try #require(update.largest)
    #expect(
      largest.place == ParameterPlace(layer: 3, parameter: "b", naming: .bias, input: 0, neuron: 1))
    let smallest = try #require(update.smallest)
    #expect((smallest.place.layer, smallest.place.parameter, smallest.place.neuron) == (1, "b", 1))
  }

  @Test("float32 computes in float32")
  func single() throws {
    let network = try Samples.lecture(.float32)
    let output = try network.predict(Samples.x).storage[0]
    #expect(output == Double(Float(output)))
    #expect(abs(output - WorkedExample.steps[0].a[2][0]) < 1e-6)
    #expect(output != WorkedExample.steps[0].a[2][0])
    let history = try network.train(Samples.x, Samples.y, TrainingOptions(epochs: 100))
    #expect(abs((history.loss.last ?? 0) - 0.03829082592253442) < 1e-5)
    #expect(Samples.parameters(network).allSatisfy { $0 == Double(Float($0)) })
  }
}
