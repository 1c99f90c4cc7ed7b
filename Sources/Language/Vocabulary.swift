/// Every function and command of the language.
///
/// A new one is an entry in one of the lists below, which stand in files of their own.
package enum BuiltInRegistry {
  package static let all: [BuiltIn] =
    ElementwiseFunctions.builtIns + ActivationFunctions.builtIns + Reductions.builtIns
    + Constructions.builtIns + LinearAlgebra.builtIns
    + Selections.builtIns + RandomFunctions.builtIns + OutputFunctions.builtIns
    + CalculusCommands.builtIns + NetworkCommands.builtIns + TrainingCommands.builtIns
    + CheckCommands.builtIns + GradientChecks.builtIns
    + ExperimentCommands.builtIns + PictureCommands.builtIns + TableCommands.builtIns
    + DataCommands.builtIns

  package static func builtIn(named name: String) -> BuiltIn? { byName[name] }

  private static let byName: [String: BuiltIn] = Dictionary(
    all.flatMap { builtIn in ([builtIn.name] + builtIn.aliases).map { ($0, builtIn) } },
    uniquingKeysWith: { first, _ in first })

  /// All names and aliases, for completion and for "did you mean".
  package static let names: [String] = byName.keys.sorted()
}
