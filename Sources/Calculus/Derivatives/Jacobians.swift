/// Derivatives of several functions, by several variables, and of higher order.
extension Expression {
  /// The Jacobian of several functions by several variables, as one matrix.
  ///
  /// Rows are the entries of the functions in order, columns those of the variables. Scalars each give
  /// one row or column; with a vector among them there must be one function or one variable, as blocks
  /// beside or above each other have no notation.
  /// Throws: `CalculusError.unsupported` for blocks; otherwise as `derivative(by:)`.
  package static func jacobian(of functions: [Expression], by variables: [Symbol])
    throws(CalculusError) -> Expression
  {
    if functions.count == 1, variables.count == 1 {
      return try functions[0].derivative(by: variables[0]).expression
    }
    if variables.count == 1 {
      return try Expression.list(functions).derivative(by: variables[0]).expression
    }
    if functions.count == 1, case .vector = functions[0].shape,
      variables.allSatisfy({ $0.shape == .scalar })
    {
      if let entries = functions[0].listedEntries {
        return try jacobian(of: entries, by: variables)
      }
      let columns = try variables.map { variable throws(CalculusError) in
        try functions[0].derivative(by: variable).expression
      }
      return try .transpose(.list(columns)).simplified()
    }
    guard functions.allSatisfy({ $0.shape == .scalar }),
      variables.allSatisfy({ $0.shape == .scalar })
    else {
      throw .unsupported("a Jacobian by several variables needs numbers, or one vector")
    }
    var rows: [Expression] = []
    for function in functions {
      let row = try variables.map { variable throws(CalculusError) in
        try function.derivative(by: variable).expression
      }
      rows.append(try .list(row))
    }
    return try .list(rows)
  }

  /// ∇f: the partial derivatives by every variable.
  ///
  /// Shape: that of the point: of one number, vector or matrix its shape, of several numbers a vector of them.
  /// Throws: `CalculusError.wrongShape` unless the function is a scalar; as `derivative(by:)`.
  package func gradient(by variables: [Symbol]) throws(CalculusError) -> Expression {
    guard shape == .scalar else {
      throw .wrongShape(operation: "gradient", shape: shape, expected: "a number")
    }
    if variables.count == 1 {
      let slope = try derivative(by: variables[0]).expression
      guard variables[0].shape.isVector else { return slope }
      let column = MatrixNotation.transposed(slope) ?? slope
      return column.shape.isVector ? column : try slope.asVector()
    }
    var partials: [Expression] = []
    for variable in variables {
      guard variable.shape == .scalar else {
        throw .unsupported("a gradient by several variables needs numbers, or one vector")
      }
      partials.append(try derivative(by: variable).expression)
    }
    return try .list(partials)
  }

  /// The second derivatives by one variable, or by several scalars.
  ///
  /// Shape: by a vector of n, or by n scalars, n×n; by a scalar a scalar.
  /// Throws: as `gradient(by:)`.
  package func hessian(by variables: [Symbol]) throws(CalculusError) -> Expression {
    if variables.count == 1 {
      return try higherDerivative(by: [variables[0], variables[0]]).expression
    }
    let gradient = try variables.map { variable throws(CalculusError) in
      try derivative(by: variable).expression
    }
    return try .jacobian(of: gradient, by: variables)
  }

  /// ∂ⁿf/∂x∂y…: by each of the symbols in turn.
  ///
  /// Shape: the indices of self, then those of every symbol; two indices in all are a matrix.
  /// Throws: as `derivative(by:)`.
  package func higherDerivative(by variables: [Symbol]) throws(CalculusError) -> Derivative {
    var result = Derivative(expression: self, isDiagonal: false)
    for variable in variables {
      var function = result.expression
      // A row is the vector of its entries: its derivative is a matrix.
      if function.shape.isRow, variable.shape != .scalar, !shape.isRow,
        let column = MatrixNotation.transposed(function)
      {
        function = column
      }
      result = try function.derivative(by: variable)
    }
    return result
  }
}
