import MatrixEngine

extension DatasetGenerator {
  /// Two interleaved half circles. Targets 0 and 1, in turn.
  package static let moons = cloud("moons", "two half moons: 200 points, targets 0 and 1") {
    position, target, random in
    let t = Double.pi * position
    let (x, y) =
      target == 0
      ? (Double.cos(t), Double.sin(t)) : (1 - Double.cos(t), 0.5 - Double.sin(t))
    return (x + 0.1 * random.normal(), y + 0.1 * random.normal())
  }

  /// A circle of radius 1 around one of radius 0.5. Targets 0 (outer) and 1.
  package static let circles = cloud("circles", "a circle in a circle: 200 points, targets 0 and 1")
  {
    position, target, random in
    let t = 2 * Double.pi * position
    let radius = target == 0 ? 1.0 : 0.5
    return (
      radius * Double.cos(t) + 0.05 * random.normal(),
      radius * Double.sin(t) + 0.05 * random.normal()
    )
  }

  /// Two arms of one and a half turns. Targets 0 and 1, in turn.
  package static let spiral = cloud("spiral", "two spiral arms: 200 points, targets 0 and 1") {
    position, target, random in
    let radius = 0.1 + 0.9 * position
    let t = 3 * Double.pi * position + (target == 0 ? 0 : Double.pi)
    return (
      radius * Double.cos(t) + 0.02 * random.normal(),
      radius * Double.sin(t) + 0.02 * random.normal()
    )
  }

  /// Three normal clouds, classes 1 to 3 in turn.
  package static let blobs = DatasetGenerator(
    "blobs", "three clouds: 150 points, classes 1 to 3", isRandom: true,
    make: { random in
      let centres = [(-1.5, -1.0), (1.5, -1.0), (0.0, 1.6)]
      var points: [Double] = []
      var targets: [Double] = []
      for i in 0..<150 {
        let centre = centres[i % 3]
        points += [centre.0 + 0.5 * random.normal(), centre.1 + 0.5 * random.normal()]
        targets.append(Double(i % 3 + 1))
      }
      return Dataset(
        name: "blobs", x: Matrix(rows: 150, columns: 2, storage: points), y: .vector(targets),
        names: ["x1", "x2"], classes: ["1", "2", "3"], targetName: "class")
    })

  /// 200 points of two classes in turn; `point` gets a position from 0 to 1 along its class.
  private static func cloud(
    _ name: String, _ summary: String,
    _ point:
      @escaping @Sendable (_ position: Double, _ target: Int, _ random: inout RandomSource) -> (
        Double, Double
      )
  ) -> DatasetGenerator {
    DatasetGenerator(
      name, summary, isRandom: true,
      make: { random in
        var points: [Double] = []
        for i in 0..<200 {
          let (x, y) = point(Double(i / 2) / 99, i % 2, &random)
          points += [x, y]
        }
        return Dataset(
          name: name, x: Matrix(rows: 200, columns: 2, storage: points),
          y: .vector((0..<200).map { Double($0 % 2) }), names: ["x1", "x2"], targetName: "y")
      })
  }
}
