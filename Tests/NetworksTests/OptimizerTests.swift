import MatrixEngine
import Networks
import Testing

extension Optimizer: CustomTestStringConvertible {
  public var testDescription: String { name }
}

@Suite("Optimizers, all of the registry")
struct OptimizerTests {
  /// The 17 parameters that PyTorch 2.15 (float64) has after 10 epochs over the batches (1, 2) and
  /// (3): the lecture's network with Sequential(Linear, Sigmoid, …, Linear) and BCEWithLogitsLoss,
  /// X = [2, −1, 0.5], Y = [1, 0, 1]; torch.optim.SGD(lr=0.1), SGD(lr=0.1, momentum=0.9),
  /// SGD(…, nesterov=True), Adagrad(lr=0.01), RMSprop(lr=0.01), Adam(lr=0.01), AdamW(lr=0.01).
  static let references: [String: [Double]] = [
    "sgd": [
      0.1084508021975478, 0.11098342474886405, 0.0994675778506836, 0.19929911770404737,
      0.19992046679818848, 0.2997051903015397, 0.10013584457476281, 0.0998387195188018,
      0.19965237156303522, 0.30002314541489816, 0.296501430317757, 0.09777215330726909,
      0.1951427110020007, 0.38497570644472145, 0.18661024913185706, 0.5855991410761237,
      0.47362431326937166,
    ],
    "momentum": [
      0.14878246864470032, 0.1647631500000297, 0.09822817718723832, 0.19749868357960687,
      0.20576708631172014, 0.3013824936216248, 0.11040070278879655, 0.10580800158255202,
      0.20133690805459128, 0.31053435501911414, 0.2896937111565631, 0.09278677336194566,
      0.18629987021650118, 0.3725350235237369, 0.18083971411466254, 0.5760339435869936,
      0.4414263335718689,
    ],
    "nesterov": [
      0.15273101577274206, 0.16966097764035395, 0.09736327173805367, 0.1966327920070441,
      0.20448472654184233, 0.29932883077177136, 0.11005092574782097, 0.10451766188857216,
      0.1992114240799292, 0.3102503095895572, 0.28510423002640717, 0.08766673174654344,
      0.1824621244570707, 0.38003811908956175, 0.1892548524491973, 0.5830322711215821,
      0.4545438295309997,
    ],
    "adagrad": [
      0.15803892790391938, 0.15825469079077345, 0.08870987429901693, 0.18846650784662394,
      0.19559833247439962, 0.295171288533543, 0.0956637669140801, 0.09529866580557028,
      0.19487297515672716, 0.2953641265516093, 0.2901380075377037, 0.08974144454888819,
      0.1902019742522995, 0.3907742428087827, 0.19101049683397686, 0.590887091225409,
      0.49056932081397536,
    ],
    "rmsprop": [
      0.6992244113764318, 0.6985047845053457, -0.07266120241186144, 0.04722236405855948,
      0.3122270191038599, 0.37127020031151486, 0.22146108697032912, 0.20406799174442414,
      0.2622366592721053, 0.4135307837810373, 0.2272897196095827, -0.0233412800075871,
      0.1393860664132083, 0.36750328665589227, 0.17271655859173327, 0.5715095975334883,
      0.46634852174872804,
    ],
    "adam": [
      0.2643602325866095, 0.2649535270772153, 0.06788704808727548, 0.16660577111991362,
      0.19181723336844567, 0.29066631145355626, 0.09193963977583965, 0.09070123847462597,
      0.18956201478759702, 0.2908219347611665, 0.27160184558102113, 0.07067487083956239,
      0.17168965919927615, 0.3735936795013684, 0.17446863580468205, 0.5740137886690515,
      0.47273066566411964,
    ],
    "adamw": [
      0.2639769739913093, 0.2645692171639788, 0.0678277152770407, 0.16634989242235235,
      0.19153890562391143, 0.29018847293070965, 0.09186146158476208, 0.09062446217192817,
      0.18928567717779343, 0.29034589238814706, 0.2711428170348534, 0.07061524347991752,
      0.1714309108557392, 0.37293483753163353, 0.17420824621284786, 0.5729547916591674,
      0.4718736836068659,
    ],
  ]

  static let x = Matrix<Double>(rows: 3, columns: 1, storage: [2, -1, 0.5])
  static let y = Matrix<Double>(rows: 3, columns: 1, storage: [1, 0, 1])

  @Test(
    "weights are PyTorch's, with a last short batch", arguments: NetworkCatalog.standard.optimizers,
    Precision.allCases)
  func pytorch(_ optimizer: Optimizer, _ precision: Precision) throws {
    let network = try Samples.lecture(precision)
    let plain = ["sgd", "momentum", "nesterov"].contains(optimizer.name)
    let history = try network.train(
      OptimizerTests.x, OptimizerTests.y,
      TrainingOptions(
        epochs: 10, learningRate: plain ? 0.1 : 0.01, batchSize: 2, optimizer: optimizer,
        shuffle: false))
    #expect(history.updates == 20)
    let expected = try #require(OptimizerTests.references[optimizer.name])
    for (actual, reference) in zip(Samples.parameters(network), expected) {
      #expect(abs(actual - reference) < (precision == .float64 ? 1e-13 : 1e-5))
    }
  }

  @Test("the state is fresh in every training", arguments: NetworkCatalog.standard.optimizers)
  func freshState(_ optimizer: Optimizer) throws {
    let options = TrainingOptions(epochs: 3, optimizer: optimizer)
    let network = try Samples.lecture()
    _ = try network.train(OptimizerTests.x, OptimizerTests.y, options)
    let copy = network.copy()
    let first = try network.train(OptimizerTests.x, OptimizerTests.y, options)
    let second = try copy.train(OptimizerTests.x, OptimizerTests.y, options)
    #expect(first == second)
    #expect(Samples.parameters(network) == Samples.parameters(copy))
    #expect(network.updates == 6)
  }

  @Test(
    "large networks take the same steps as small ones",
    arguments: NetworkCatalog.standard.optimizers)
  func parts(_ optimizer: Optimizer) throws {
    // More parameters than one part holds; every row of W sees the same numbers.
    let n = 3000
    let network = try Network(
      NetworkDefinition(
        name: "N", inputs: n,
        layers: [Dense(units: 2, activation: .tanh, initializer: .zeros)]))
    let x = Matrix<Double>(rows: 2, columns: n, repeating: 1.0 / 64)
    let y = Matrix<Double>(rows: 2, columns: 2, repeating: 0.5)
    _ = try network.train(
      x, y, TrainingOptions(epochs: 5, learningRate: 0.001, optimizer: optimizer))
    let weights = try network.weights(1).storage
    #expect(weights[0] > 0)
    #expect(weights.allSatisfy { abs($0 - weights[0]) < 1e-15 })
  }

  @Test("default learning rates")
  func defaults() {
    for optimizer in NetworkCatalog.standard.optimizers {
      #expect(NetworkCatalog.standard.optimizers[optimizer.name] == optimizer)
      let rates = ["adagrad": 0.01, "rmsprop": 0.001, "adam": 0.001, "adamw": 0.001]
      #expect(optimizer.defaultLearningRate == rates[optimizer.name] ?? 0.1)
    }
  }
}
