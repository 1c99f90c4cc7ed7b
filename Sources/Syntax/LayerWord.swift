/// What the parser is told of a kind of layer: the word that begins its line, and how many values may stand behind it
/// without names. What the values mean is checked later.
package struct LayerWord: Sendable, Equatable {
  package var name: String
  /// A line of it: `dense 8, relu`.
  package var usage: String
  /// What it has, as messages say it: "its size, an activation and options by name".
  package var form: String
  /// The values that stand by position, as messages name them: "the activation".
  package var positions: [String]
  /// How many of them must be there.
  package var required: Int
  /// The options as they are written: `W = …`.
  package var options: [String]
  /// Whether it is a function of one number, whose layer has nothing else.
  package var isFunction = false

  package init(
    name: String, usage: String, form: String, positions: [String], required: Int,
    options: [String]
  ) {
    self.name = name
    self.usage = usage
    self.form = form
    self.positions = positions
    self.required = required
    self.options = options
  }

  /// A function of one number as a layer: `relu`.
  package static func activation(_ name: String) -> LayerWord {
    var word = LayerWord(
      name: name, usage: name, form: "a name only", positions: [], required: 0,
      options: ["name = \"…\""])
    word.isFunction = true
    return word
  }
}
