import MatrixEngine

/// An array that comes part by part: its numbers, in the place where they belong.
struct ArrayBuilder {
  let type: ElementType
  let shape: [Int]
  private let count: Int
  private let subject: String
  private let path: String
  private var elements: [Double] = []
  /// Where the next element goes if the first index runs fastest; nil if the last one does.
  private var fortranPlace: FortranPlace?
  private var filled = 0
  /// The beginning of an element whose end has not come.
  private var rest: [UInt8] = []

  /// Throws: `DataError.malformed` for sizes that no array has, or fewer bytes than they need; `.tooMany`.
  init(
    _ type: ElementType, _ sizes: [Int], isFortran: Bool = false, bytes: Int, subject: String,
    path: String
  ) throws(DataError) {
    guard sizes.count <= Shape.largestRank else {
      throw ArrayBuilder.malformed(
        path, "\(subject): an array has at most \(Shape.largestRank) dimensions, not \(sizes.count)"
      )
    }
    // A size of 0 does not excuse the others.
    guard Shape(sizes).isHeld else {
      throw .tooMany(path: path, sizes: sizes)
    }
    count = Shape(sizes).count
    guard bytes >= count * type.size else {
      throw ArrayBuilder.malformed(
        path,
        "\(subject): the data is cut off: \(count) numbers were promised, \(max(0, bytes) / type.size) are there"
      )
    }
    self.type = type
    shape = sizes
    self.subject = subject
    self.path = path
    if isFortran, sizes.count > 1, count > 0 {
      fortranPlace = FortranPlace(sizes)
      elements = [Double](repeating: 0, count: count)
    } else {
      elements.reserveCapacity(count)
    }
  }

  static func malformed(_ path: String, _ reason: String, _ help: String? = nil) -> DataError {
    .malformed(path: path, line: nil, column: nil, reason: reason, help: help)
  }

  /// How many bytes are still wanted.
  var missing: Int { (count - filled) * type.size - rest.count }

  mutating func append(_ bytes: [UInt8], _ range: Range<Int>) {
    var range = range.prefix(missing)
    if !rest.isEmpty {
      let needed = min(type.size - rest.count, range.count)
      rest.append(contentsOf: bytes[range.prefix(needed)])
      range = range.dropFirst(needed)
      guard rest.count == type.size else { return }
      let element = rest
      rest = []
      add(element.span)
    }
    let whole = range.count - range.count % type.size
    add(bytes.span.extracting(range.prefix(whole)))
    rest.append(contentsOf: bytes[range.dropFirst(whole)])
  }

  /// Throws: `DataError.malformed` when numbers are missing.
  func finish() throws(DataError) -> Tensor<Double> {
    guard filled == count else {
      throw ArrayBuilder.malformed(path, "\(subject): the data is cut off")
    }
    return Tensor(Shape(shape), elements)
  }

  private mutating func add(_ bytes: Span<UInt8>) {
    guard var place = fortranPlace else {
      type.append(bytes, to: &elements)
      filled = elements.count
      return
    }
    var numbers: [Double] = []
    numbers.reserveCapacity(bytes.count / type.size)
    type.append(bytes, to: &numbers)
    for number in numbers {
      elements[place.position] = number
      place.advance()
    }
    filled += numbers.count
    fortranPlace = place
  }
}

/// Runs through the places of an array, first index fastest, as Fortran keeps arrays.
private struct FortranPlace {
  private let sizes: [Int]
  private let steps: [Int]
  private var index: [Int]
  private(set) var position = 0

  /// Precondition: no size is 0.
  init(_ sizes: [Int]) {
    self.sizes = sizes
    steps = sizes.indices.map { sizes[($0 + 1)...].reduce(1, *) }
    index = sizes.map { _ in 0 }
  }

  mutating func advance() {
    for axis in sizes.indices {
      index[axis] += 1
      position += steps[axis]
      if index[axis] < sizes[axis] { return }
      position -= steps[axis] * sizes[axis]
      index[axis] = 0
    }
  }
}
