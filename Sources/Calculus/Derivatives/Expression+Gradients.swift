/// How ∂L is stretched, gathered and turned on the way back.
extension Expression {
  /// The product of numbers and arrays, without factors of 1.
  static func times(_ parts: [Expression]) throws(CalculusError) -> Expression {
    let factors = parts.filter { $0.number != .one }
    switch factors.count {
    case 0: return .number(1)
    case 1: return factors[0]
    default:
      // One product, the numbers in front.
      var flat: [Expression] = []
      for factor in factors {
        if case .multiply(let inner) = factor.node { flat += inner } else { flat.append(factor) }
      }
      let numbers = flat.filter { $0.number != nil }
      let rest = flat.filter { $0.number == nil }
      guard !rest.isEmpty else { return try .multiply(flat) }
      let number = numbers.reduce(Number.one) { $0 * ($1.number ?? .one) }
      if number == .one { return rest.count == 1 ? rest[0] : try .multiply(rest) }
      return try .multiply([.number(number)] + rest)
    }
  }

  /// The same in every entry of a larger shape, written out.
  func stretched(to shape: ExpressionShape) throws(CalculusError) -> Expression {
    guard self.shape != shape else { return self }
    guard
      self.shape.dimensions.map(\.count) != shape.dimensions.map(\.count)
        || shape.dimensions.contains(where: { $0.count == nil })
    else { return self }
    if number == .one { return .fill(.one, shape) }
    // A vector as the only row: nothing is repeated.
    if !self.shape.dimensions.isEmpty,
      self.shape.dimensions.filter({ !$0.stretches }) == shape.dimensions.filter({ !$0.stretches })
    {
      return try reshaped(to: shape)
    }
    return try .multiply([self, .fill(.one, shape)])
  }

  /// The sum over what an operand of a smaller shape was stretched along.
  func gathered(from shape: ExpressionShape, to operand: ExpressionShape) throws(CalculusError)
    -> Expression
  {
    let (large, small) = (shape.dimensions, operand.dimensions)
    // What is not stretched may stay as short as it is.
    guard large.map(\.count) != small.map(\.count) || large.contains(where: { $0.count == nil }),
      large != small
    else { return self }
    let whole = try stretched(to: shape)
    if small.isEmpty { return .reduce(whole) }
    var result = whole
    // The leading indices that the operand has not.
    for _ in 0..<(large.count - small.count) { result = try .reduce(.sum, result, axis: 1) }
    let kept = result.shape.dimensions
    let along = small.indices.filter { small[$0].stretches && !kept[$0].stretches }
    guard !along.isEmpty else { return result }
    if small.count == 2, along == [0] { return try .transpose(.reduce(.sum, result, axis: 1)) }
    if small.count == 2, along == [1] { return try .column(.reduce(.sum, result, axis: 2)) }
    if along.count == small.count {
      return try .multiply([.reduce(result), .fill(.one, operand)])
    }
    for axis in along.reversed() { result = try .reduce(.sum, result, axis: axis + 1) }
    return try .arranged(.reshape(operand), [result])
  }

  private static func reduce(_ a: Expression) -> Expression {
    if case .multiply(let parts) = a.node, parts.count == 2, case .vector = parts[0].shape,
      case .vector = parts[1].shape, let dot = try? Expression.dot(parts[0], parts[1])
    {
      return dot
    }
    return a.sum
  }

  /// What a reduction along an axis gave, as it joins what it is of.
  func spread(along axis: Int?, over shape: ExpressionShape) throws(CalculusError) -> Expression {
    guard let axis, self.shape != .scalar else { return self }
    let sizes = shape.dimensions
    if axis == 1, sizes.count == 2 { return self }
    if axis == 2, sizes.count == 2 { return try .column(self) }
    var kept = sizes
    kept[axis - 1] = .number(1)
    return try .arranged(.reshape(ExpressionShape(kept)), [self])
  }

  /// ∂L by this where `g` is ∂L by its largest entries along an axis: to the first of those, 0 elsewhere.
  func best(_ kind: Extremum, _ axis: Int?, taking g: Expression) throws(CalculusError)
    -> Expression
  {
    func chosen(_ vector: Expression) throws(CalculusError) -> Expression {
      try .entry(.identity(vector.shape.dimensions[0]), [.value(.position(kind, vector)), .all])
    }
    let sizes = shape.dimensions
    let total = sizes.reduce(.number(1), *)
    if axis == nil || sizes.count == 1 {
      if sizes.count == 1 { return try .times([g, chosen(self)]) }
      let all = try Expression.arranged(.reshape(.vector(total)), [self])
      return try .arranged(.reshape(shape), [.times([g, chosen(all)])])
    }
    guard let axis, axis == sizes.count || sizes.count == 2 else {
      throw .unsupported(
        "\(kind.rawValue) of an array along axis \(axis ?? 0) has no way back here")
    }
    if axis == 1 { return try .transpose(turned().best(kind, 2, taking: g)) }
    let rows = sizes.dropLast().reduce(.number(1), *)
    let flat = try reshaped(to: .matrix(rows, sizes[axis - 1]))
    let shares = try g.stretched(to: ExpressionShape(Array(sizes.dropLast())))
      .reshaped(to: .vector(rows))
    let index = "i"
    let body = try Expression.times([
      .entry(shares, [.value(.index(index))]),
      chosen(.entry(flat, [.value(.index(index)), .all])),
    ])
    return try Expression.array(index, rows, body).reshaped(to: shape)
  }

  /// The same entries in another shape; itself where that has the same sizes.
  package func reshaped(to shape: ExpressionShape) throws(CalculusError) -> Expression {
    switch node {
    case .arranged(.reshape, let parts): return try parts[0].reshaped(to: shape)
    // Windows may be laid over an array with or without a first index of 1.
    case .arranged(.overlap(let windows, _), let parts):
      let direct = try? Expression.arranged(.overlap(windows, shape), parts)
      if let direct { return direct }
    default: break
    }
    if shape.isVector, self.shape.isMatrix, self.shape.dimensions.contains(where: \.isOne) {
      return try asEntries(shape)
    }
    return self.shape.dimensions.map(\.count) == shape.dimensions.map(\.count)
      && shape.dimensions.allSatisfy(\.isNumber)
      ? self : try .arranged(.reshape(shape), [self])
  }

  /// The transpose of a matrix; that of a transpose is what was turned.
  func turned() throws(CalculusError) -> Expression {
    switch node {
    case .transpose(let inner) where inner.shape.isMatrix: return inner
    case .product(let a, let b) where a.shape.isMatrix && b.shape.isMatrix:
      return try .product(b.turned(), a.turned())
    default: return try .transpose(self)
    }
  }

  /// A column or a row as the vector of its entries.
  func asEntries(_ vector: ExpressionShape) throws(CalculusError) -> Expression {
    switch node {
    case .transpose(let inner): return inner.shape.isVector ? inner : try inner.asEntries(vector)
    case .multiply(let parts):
      let arrays = parts.indices.filter { parts[$0].shape != .scalar }
      guard arrays.count == 1, parts[arrays[0]].shape == shape else { break }
      var factors = parts
      factors[arrays[0]] = try parts[arrays[0]].asEntries(vector)
      return try .multiply(factors)
    case .divide(let a, let b) where b.shape == .scalar:
      return try .divide(a.asEntries(vector), b)
    default: break
    }
    return try .arranged(.reshape(vector), [self])
  }

  /// Part `index` along the first index.
  package func slice(_ index: Int) throws(CalculusError) -> Expression {
    if case .list(let parts) = node, parts.indices.contains(index - 1) { return parts[index - 1] }
    let rest = shape.dimensions.dropFirst().map { _ in EntryIndex.all }
    return try .entry(self, [.value(.number(index))] + rest)
  }

  /// The same with a number in place of a generator's index.
  func replacing(index: String, by place: Int) throws(CalculusError) -> Expression {
    try replacingParts { part in
      if case .index(index) = part.node { .number(place) } else { nil }
    }
  }

  /// A whole number that is known as it stands.
  var wholeNumber: Int? {
    guard symbols.isEmpty, freeIndices.isEmpty,
      let number = try? value(at: [:]).storage.first
    else { return nil }
    return Int(exactly: number)
  }

  /// Where a condition does not hold.
  var opposite: Expression {
    get throws(CalculusError) {
      if case .compare(let comparison, let a, let b) = node {
        return try .compare(comparison.negated, a, b)
      }
      return try .subtract(.number(1), self)
    }
  }

  /// A formula of numbers, applied to arrays; cases become products with conditions.
  package func mappedByCases(_ map: [Symbol: Expression]) throws(CalculusError) -> Expression {
    guard case .choose(let condition, let then, let otherwise) = node else {
      return try mapped(map)
    }
    var terms: [Expression] = []
    for (value, condition) in [(then, condition), (otherwise, try condition.opposite)]
    where !value.isZero {
      terms.append(value.number == .one ? condition : try .multiply([value, condition]))
    }
    guard let first = terms.first else { return .number(0) }
    return try (terms.count == 1 ? first : .add(terms)).mapped(map)
  }
}
