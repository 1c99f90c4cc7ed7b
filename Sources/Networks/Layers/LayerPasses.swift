import MatrixEngine

/// Where a layer's passes find memory. It is allocated once; the passes allocate nothing.
package struct PassMemory<Scalar: MatrixScalar> {
  let arena: Arena<Scalar>
  /// The most rows a pass may have.
  package let capacity: Int
  package let needsGradients: Bool
  /// Whether somebody looks at the quantities between input and output: a training does not.
  let keepsQuantities: Bool
  /// What long products look at.
  package let interrupt: InterruptFlag?
  /// Which pass in training it is.
  let draws: PassDraws

  /// Room for a quantity of so many values an example, and for what the loss changes by with it. One that is shared
  /// has one row for all examples.
  package func quantity(
    _ name: String, columns: Int, sizes: [Int]? = nil, member: FamilyMember? = nil,
    isShared: Bool = false
  ) -> PassQuantity<Scalar> {
    let count = (isShared ? 1 : capacity) * columns
    return PassQuantity(
      name: name, columns: columns, sizes: sizes ?? [columns], member: member, isShared: isShared,
      values: arena.allocate(count), gradients: arena.allocate(needsGradients ? count : 0))
  }
}

/// A quantity of a layer in the memory of its passes. Shape: `[capacity, columns]`, an example a row.
package struct PassQuantity<Scalar: MatrixScalar> {
  package let name: String
  package let columns: Int
  /// The sizes of an example's values.
  package let sizes: [Int]
  package let member: FamilyMember?
  /// Whether there is one for all examples.
  package let isShared: Bool
  package let values: Buffer<Scalar>
  /// ∂L by it; empty where no gradients were asked for.
  package let gradients: Buffer<Scalar>
}

/// The two passes of a layer over a panel of examples.
package struct LayerPasses<Scalar: MatrixScalar> {
  /// In the order of the lines; the last is the output.
  let quantities: [PassQuantity<Scalar>]
  /// The quantity that the layer's activation is applied to, where a loss may go together with the two.
  let netInput: PassQuantity<Scalar>?
  /// Whether a pass may end early when the interrupt flag is raised, its results half written.
  let endsEarly: Bool
  let forward: (ForwardCall<Scalar>) -> Void
  let backward: (BackwardCall<Scalar>) -> Void
  /// Moves the averages among the layer's parameters by what the last pass in training gave.
  let moveAverages: ((Buffer<Scalar>) -> Void)?

  package init(
    quantities: [PassQuantity<Scalar>], netInput: PassQuantity<Scalar>? = nil,
    endsEarly: Bool = false, forward: @escaping (ForwardCall<Scalar>) -> Void,
    backward: @escaping (BackwardCall<Scalar>) -> Void,
    moveAverages: ((Buffer<Scalar>) -> Void)? = nil
  ) {
    precondition(!quantities.isEmpty)
    self.quantities = quantities
    self.netInput = netInput
    self.endsEarly = endsEarly
    self.forward = forward
    self.backward = backward
    self.moveAverages = moveAverages
  }

  var output: PassQuantity<Scalar> { quantities[quantities.count - 1] }
}

/// What a forward pass of a layer is given. Shape: `x: [rows, inputs]`; `parameters`: the layer's own.
package struct ForwardCall<Scalar: MatrixScalar> {
  package let x: Buffer<Scalar>
  package let rows: Int
  package let parameters: Buffer<Scalar>
  /// Whether the layer is being trained.
  package var isTraining = false
}

/// What a backward pass of a layer is given, after its forward pass.
package struct BackwardCall<Scalar: MatrixScalar> {
  package let x: Buffer<Scalar>
  package let rows: Int
  package let parameters: Buffer<Scalar>
  /// Where the gradients of the parameters go.
  package let gradients: Buffer<Scalar>
  /// Whether they are added to what is there.
  package let adds: Bool
  /// Whether ∂L by the net input is there already, and ∂L by the output is no part of the way.
  package let startsAtNetInput: Bool
  /// Where ∂L/∂x goes; nil where nobody asks.
  package let inputGradient: Buffer<Scalar>?
}
