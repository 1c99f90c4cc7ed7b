import Networks

/// The functions that a language of numbers, vectors and matrices has whatever is taught with it.
///
/// A new one is an entry in one of the lists below, which stand in files of their own.
package enum BasicFunctions {
  package static func builtIns(_ catalog: NetworkCatalog) -> [BuiltIn] {
    ElementwiseFunctions.builtIns.filter { catalog.activations[$0.name] == nil }
      + ActivationFunctions.builtIns(catalog) + Reductions.builtIns
      + Constructions.builtIns + Arrangements.builtIns + LinearAlgebra.builtIns
      + Selections.builtIns + RandomFunctions.builtIns + OutputFunctions.builtIns
  }
}
