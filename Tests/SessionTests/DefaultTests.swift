import Assistance
import Language
import Lessons
import Networks
import Session
import Testing

/// A parameter owns its default: what help says is what a call does.
@Suite("Defaults")
struct DefaultTests {
  private static let setUp = """
    network N { input 2; dense 3, tanh; dense 1, sigmoid; seed 3 }
    X = [0, 0; 0, 1; 1, 0; 1, 1]
    y = [0, 1, 1, 1]
    """

  @Test(
    "train without a rate is train with the rate that help names",
    arguments: NetworkCatalog.standard.optimizers.map(\.name))
  func rates(_ optimizer: String) throws {
    let notebook = Notebook(Self.setUp)
    let rate = NetworkCatalog.standard.optimizers[optimizer]?.defaultLearningRate ?? 0
    notebook.run(
      """
      a = copy(N); b = copy(N)
      train(a, X, y, epochs = 5, optimizer = \(optimizer));
      train(b, X, y, epochs = 5, optimizer = \(optimizer), learning_rate = \(rate));
      """)
    #expect(try notebook.numbers("a.W[1]") == notebook.numbers("b.W[1]"))
    let help = try #require(
      Vocabulary.standard.builtIn(named: "train")?.parameter(named: "η")?.text)
    #expect(
      help.contains(
        "default 0.1, with optimizer = adagrad 0.01, with optimizer = rmsprop or adam or adamw 0.001"
      ))
  }

  @Test("the perceptron's rule has its own epochs and rate, and help says so")
  func perceptron() throws {
    let notebook = Notebook("perceptron P { input 2; threshold 0 }\n\(Self.setUp)")
    notebook.run("h = train(P, X, [0, 1, 1, 0], rule = perceptron)")
    #expect(try notebook.numbers("h.errors").count == 20)
    #expect(try notebook.numbers("P.W[1]").allSatisfy { $0 == $0.rounded() })
    let train = try #require(Vocabulary.standard.builtIn(named: "train"))
    #expect(
      train.parameter(named: "epochs")?.text.contains("100, with rule = perceptron 20") == true)
    #expect(train.parameter(named: "lr")?.text.contains("with rule = perceptron 1") == true)
    #expect(train.signature.contains("epochs = 100 | 20, learning_rate = 0.1 | 0.01 | 0.001 | 1"))
  }

  @Test(
    "leaving an argument out is giving its default",
    arguments: [
      ("linspace(0, 1)", "linspace(0, 1, 50)"), ("leaky_relu(-2)", "leaky_relu(-2, slope = 0.01)"),
      ("unit_step(0)", "unit_step(0, threshold = 0)"),
      ("split(dataset(iris)).test.X", "split(dataset(iris), test = 0.25, seed = 0).test.X"),
      ("dataset(moons).X", "dataset(moons, seed = 0).X"),
      ("step(copy(N), X, y).new.W[1]", "step(copy(N), X, y, learning_rate = 0.1).new.W[1]"),
      (
        "train(copy(N), X, y).loss",
        "train(copy(N), X, y, epochs = 100, learning_rate = 0.1, batch_size = all, optimizer = sgd, shuffle = true, every = 1, rule = gradient).loss"
      ),
    ])
  func given(_ without: String, _ with: String) throws {
    let notebook = Notebook(Self.setUp)
    #expect(try notebook.numbers(without) == notebook.numbers(with))
  }

  @Test("every default that is a number or a word is shown in the signature")
  func signatures() {
    for builtIn in Vocabulary.standard.builtIns {
      for parameter in builtIn.parameters {
        guard let text = parameter.fallback?.signatureText else { continue }
        #expect(builtIn.signature.contains("\(parameter.name) = \(text)"))
      }
    }
  }
}
