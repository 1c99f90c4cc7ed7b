import Assistance
import JupyterProtocol

/// The version of the kernel and its language.
package enum NablaVersion {
  package static let text = "0.1.0"
}

extension KernelInfoReply {
  /// What this kernel says of itself.
  ///
  /// Pygments by itself knows no Nabla; Julia's comments, strings, numbers and operators are written alike.
  package static let nabla = nabla(lexer: "julia")

  /// The same, where Pygments has a lexer of this name.
  package static func nabla(lexer: String) -> KernelInfoReply {
    KernelInfoReply(
      implementation: "nabla", implementationVersion: NablaVersion.text,
      language: LanguageInfo(
        name: "nabla", version: NablaVersion.text, mimetype: "text/x-nabla",
        fileExtension: ".nabla",
        pygmentsLexer: lexer,
        // An editor without a mode of this name takes the one of the MIME type.
        codeMirrorMode: ["name": "nabla", "mime": "text/x-swift", "version": 1]),
      banner: """
        Nabla \(NablaVersion.text): see inside a small neural network.
        The notation of the blackboard is the program, and the printed derivation is the computation.
        Type help(name) or name? for any function or command.
        """,
      // Jupyter's server serves what lies beside a kernelspec.
      helpLinks: [
        .init(
          text: "Nabla: the language", url: "/kernelspecs/nabla/\(LanguageReference.fileName)"),
        .init(
          text: "Nabla: the language as a notebook",
          url: "/kernelspecs/nabla/\(LanguageReference.notebookName)"),
      ],
      supportedFeatures: ["debugger", "kernel subshells"])
  }
}
