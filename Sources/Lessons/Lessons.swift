import Language

/// Every command of the lessons, topic by topic; each list stands beside its records and explanations.
package enum Lessons {
  package static let builtIns: [BuiltIn] =
    CalculusCommands.builtIns + NetworkCommands.builtIns + TrainingCommands.builtIns
    + CheckCommands.builtIns + GradientChecks.builtIns
    + ExperimentCommands.builtIns + PictureCommands.builtIns + TableCommands.builtIns
    + DataCommands.builtIns
}
