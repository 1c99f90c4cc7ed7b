import Language
import Networks

/// Every command of the lessons, topic by topic; each list stands beside its records and explanations.
package enum Lessons {
  package static func builtIns(_ catalog: NetworkCatalog) -> [BuiltIn] {
    CalculusCommands.builtIns + NetworkCommands.builtIns + TrainingCommands.builtIns(catalog)
      + CheckCommands.builtIns + GradientChecks.builtIns + ExerciseCommands.builtIns
      + ExperimentCommands.builtIns + TimeTravelCommands.builtIns + ExploreCommand.builtIns
      + PictureCommands.builtIns
      + TableCommands.builtIns
      + DataCommands.builtIns(catalog) + ExportCommand.builtIns
  }
}
