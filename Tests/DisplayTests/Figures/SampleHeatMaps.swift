import Display
import Glibc
import MatrixEngine
import Notation

extension SampleFigures {
  static func heatMaps() throws -> [Sample] {
    [
      (
        "heatmap-weights",
        try HeatMap(
          Matrix(
            rows: 2, columns: 3, storage: [0.2, -0.3, 0.1, 1.1, 0, -0.00263]),
          title: .words("Weights ") + .layered("W", 2), valueName: .layered("w", 2),
          rowTitle: "from", columnTitle: "to",
          rowLabels: (1...2).map { .layered("a", 1, subscript: "\($0)") },
          columnLabels: (1...3).map { .layered("z", 2, subscript: "\($0)") })
      ),
      (
        "heatmap-one",
        try HeatMap(Matrix(rows: 1, columns: 1, storage: [0]))
      ),
      (
        "heatmap-confusion",
        try HeatMap(
          Matrix(rows: 3, columns: 3, storage: [50, 0, 0, 0, 47, 3, 0, 1, 49]),
          title: "Confusion matrix", valueName: "examples", rowTitle: "true class",
          columnTitle: "predicted class", rowLabels: ["setosa", "versicolor", "virginica"],
          columnLabels: ["setosa", "versicolor", "virginica"])
      ),
      (
        "heatmap-filters",
        try HeatMapGrid(
          [wave(3, 4), wave(3, 4), wave(3, 4), wave(3, 4)], title: "Filters",
          captions: ["1,1", "1,2", "2,1", "2,2"], perRow: 2)
      ),
      (
        "heatmap-heads",
        try HeatMapGrid(
          [wave(4, 4), wave(4, 4)], title: "Attention", captions: ["1", "2"],
          rowLabels: ["the", "cat", "sat", "down"], columnLabels: ["the", "cat", "sat", "down"])
      ),
      ("heatmap-twenty", try HeatMap(wave(20, 20), title: "20×20")),
      ("heatmap-medium", try HeatMap(wave(32, 40), title: "Medium", valueName: .variable("w"))),
      (
        "heatmap-large",
        try HeatMap(wave(784, 128), title: "First layer", rowTitle: "input", columnTitle: "neuron")
      ),
    ]
  }

  static func wave(_ rows: Int, _ columns: Int) -> Matrix<Double> {
    Matrix(
      rows: rows, columns: columns,
      storage: (0..<(rows * columns)).map { index in
        let (row, column) = (Double(index / columns), Double(index % columns))
        return sin(row * 7 / Double(rows)) * cos(column * 5 / Double(columns)) - 0.2
      })
  }
}
