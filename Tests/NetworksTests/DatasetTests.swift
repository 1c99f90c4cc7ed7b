import MatrixEngine
import Networks
import Testing

extension DatasetGenerator: CustomTestStringConvertible {
  public var testDescription: String { name }
}

@Suite("Datasets, all of the registry")
struct DatasetTests {
  @Test("sizes, names and classes fit together", arguments: NetworkCatalog.standard.datasets)
  func consistency(_ generator: DatasetGenerator) throws {
    let data = generator.dataset(seed: 0)
    #expect(data.name == generator.name)
    #expect(NetworkCatalog.standard.datasets[generator.name]?.dataset() == data)
    #expect(data.names.count == data.x.columns)
    guard let y = data.y?.storage, data.y?.rank == 1 else {
      Issue.record("no targets")
      return
    }
    #expect(y.count == data.count)
    #expect(data.x.storage.allSatisfy { $0.isFinite })
    if data.classes.isEmpty {
      #expect(Set(y) == [0, 1])
    } else {
      #expect(Set(y) == Set((1...data.classes.count).map(Double.init)))
    }
    #expect((generator.dataset(seed: 1) == data) == !generator.isRandom)
    #expect(generator.dataset(seed: 1) == generator.dataset(seed: 1))
  }

  @Test("a form keeps the numbers", arguments: NetworkCatalog.standard.datasets)
  func forms(_ generator: DatasetGenerator) throws {
    let rows = generator.dataset(seed: 2)
    #expect(generator.dataset(as: DatasetGenerator.rows, seed: 2)?.x.storage == rows.x.storage)
    #expect(generator.dataset(as: "no form")?.count == nil)
    guard let form = generator.form else { return }
    let data = try #require(generator.dataset(as: form.name, seed: 2))
    #expect(data.x.sizes == [rows.count] + form.sizes)
    #expect(data.x.storage == rows.x.storage)
    #expect(data.y?.storage == rows.y?.storage)
  }

  @Test("the gates are their truth tables")
  func gates() throws {
    let tables = [
      "and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "nand": [1, 1, 1, 0], "xor": [0, 1, 1, 0],
    ]
    for (name, table) in tables {
      let (x, y) = try Samples.data(name)
      #expect(x.storage == [0, 0, 0, 1, 1, 0, 1, 1])
      #expect(y == .vector(table.map(Double.init)))
    }
  }

  @Test("iris is Fisher's table")
  func iris() throws {
    let (x, y) = try Samples.data("iris")
    #expect(x.shape == Shape(150, 4))
    #expect(x.row(0) == [5.1, 3.5, 1.4, 0.2])
    // Two rows that some copies of the table have wrong.
    #expect(x.row(34) == [4.9, 3.1, 1.5, 0.2])
    #expect(x.row(37) == [4.9, 3.6, 1.4, 0.1])
    #expect(x.row(149) == [5.9, 3.0, 5.1, 1.8])
    let means = try x.reduced(by: .mean, axis: 0).storage
    for (mean, known) in zip(means, [5.843333, 3.057333, 3.758, 1.199333]) {
      #expect(abs(mean - known) < 1e-6)
    }
    #expect(y.storage.filter { $0 == 2 }.count == 50)
  }

  @Test("digits are the test set of the UCI repository")
  func digits() throws {
    let (x, y) = try Samples.data("digits")
    #expect(x.shape == Shape(1797, 64))
    #expect(try x.reduced(by: .sum) == 561_718)
    #expect(try x.reduced(by: .max) == 16)
    #expect(
      Array(x.row(0)[0..<16]) == [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0])
    #expect(x.row(1796).reduce(0, +) == 392)
    #expect(Array(y.storage[0..<12]) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2])
    let counts = (1...10).map { digit in y.storage.filter { $0 == Double(digit) }.count }
    #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
  }

  @Test("a split keeps the shares of the classes and every example once")
  func splitting() throws {
    let data = DatasetGenerator.iris.dataset()
    let (train, test) = try data.split(test: 0.2, seed: 3)
    #expect(train.count == 120 && test.count == 30)
    for number in 1...3 {
      #expect(test.y?.storage.filter { $0 == Double(number) }.count == 10)
    }
    let rows = (0..<120).map { train.x.row($0) } + (0..<30).map { test.x.row($0) }
    let original = (0..<150).map { data.x.row($0) }
    #expect(
      rows.sorted { $0.lexicographicallyPrecedes($1) }
        == original.sorted { $0.lexicographicallyPrecedes($1) })
    #expect(train.classes == data.classes && train.names == data.names)
    #expect(train.y?.storage != train.y?.storage.sorted())
    #expect(try data.split(test: 0.2, seed: 3).train == train)
    #expect(try data.split(test: 0.2, seed: 4).train != train)
    #expect(try data.split().test.count == 38)
    #expect(throws: DataError.self) { try data.split(test: 1.5) }
    #expect(try data.split(test: 0).train.count == 150)
  }

  @Test("a split of numbers or one-hot rows")
  func otherTargets() throws {
    let x = Samples.random(10, 2, seed: 1)
    let numbers = Dataset(name: "d", x: x, y: .vector(x.column(0)), names: ["a", "b"])
    let (train, test) = try numbers.split(test: 0.3, seed: 0)
    #expect(train.count == 7 && test.count == 3)
    #expect(test.y == .vector(test.x.column(0)))
    let rows = try oneHot([1, 1, 1, 1, 1, 2, 2, 2, 2, 2], classes: 2)
    let hot = Dataset(name: "d", x: x, y: rows, names: ["a", "b"])
    guard let y = try hot.split(test: 0.4, seed: 0).test.y, y.rank == 2 else {
      Issue.record("no matrix")
      return
    }
    #expect(try y.reduced(by: .sum, axis: 0).storage == [2, 2])
  }

  @Test("standardizing: divisor n, by the columns of another matrix, constants to 0")
  func standardizing() throws {
    let x = Matrix<Double>(rows: 4, columns: 2, storage: [1, 0.1, 3, 0.1, 5, 0.1, 7, 0.1])
    let z = try standardize(x)
    let root = 5.0.squareRoot()
    for (a, b) in zip(z.column(0), [-3 / root, -1 / root, 1 / root, 3 / root]) {
      #expect(abs(a - b) < 1e-15)
    }
    #expect(z.column(1) == [0, 0, 0, 0])
    let other = try standardize(.row([4, 9]), like: x)
    #expect(other.storage == [0, 0])
    #expect(throws: MatrixError.self) { try standardize(x, like: .row([1])) }
  }

  /// The settings that the tour uses.
  @Test("iris and digits reach 95 % on the test set", arguments: ["iris", "digits"])
  func realData(_ name: String) throws {
    let generator = try #require(NetworkCatalog.standard.datasets[name])
    let data = generator.dataset()
    let (train, test) = try data.split(test: 0.25, seed: 0)
    let network = try Samples.network(
      data.x.columns,
      [(name == "iris" ? 8 : 32, name == "iris" ? .tanh : .relu), (data.classes.count, .softmax)])
    let trainX = name == "iris" ? try standardize(train.x) : train.x.scaled(by: 1 / 16)
    let testX = name == "iris" ? try standardize(test.x, like: train.x) : test.x.scaled(by: 1 / 16)
    let trainY = try network.targets(
      from: try #require(train.y), examples: train.count, isSingle: false)
    let testY = try network.targets(
      from: try #require(test.y), examples: test.count, isSingle: false)
    let options = TrainingOptions(
      epochs: name == "iris" ? 200 : 10, learningRate: 0.01, batchSize: name == "iris" ? 16 : 32,
      optimizer: .adam)
    let history = try network.train(trainX, trainY, options)
    #expect((history.loss.last ?? 1) < (history.loss.first ?? 0))
    #expect(try network.evaluate(testX, testY).accuracy ?? 0 > 0.95)
  }
}
