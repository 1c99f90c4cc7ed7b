import JSONText

/// The content of a `kernel_info_reply`: who the kernel is and what it can do.
package struct KernelInfoReply: MessageContent {
  package var implementation: String
  package var implementationVersion: String
  package var language: LanguageInfo
  package var banner: String
  package var helpLinks: [HelpLink]
  /// Optional features of the protocol, such as `kernel subshells`.
  package var supportedFeatures: [String]

  package struct LanguageInfo: Sendable {
    package var name: String
    package var version: String
    package var mimetype: String
    package var fileExtension: String
    package var pygmentsLexer: String
    /// The editor's mode; an object with `name` and `version`, for strict clients want both.
    package var codeMirrorMode: JSONObject

    package init(
      name: String, version: String, mimetype: String, fileExtension: String,
      pygmentsLexer: String, codeMirrorMode: JSONObject
    ) {
      self.name = name
      self.version = version
      self.mimetype = mimetype
      self.fileExtension = fileExtension
      self.pygmentsLexer = pygmentsLexer
      self.codeMirrorMode = codeMirrorMode
    }
  }

  package struct HelpLink: Sendable {
    package var text: String
    package var url: String

    package init(text: String, url: String) {
      self.text = text
      self.url = url
    }
  }

  package init(
    implementation: String, implementationVersion: String, language: LanguageInfo, banner: String,
    helpLinks: [HelpLink] = [], supportedFeatures: [String] = []
  ) {
    self.implementation = implementation
    self.implementationVersion = implementationVersion
    self.language = language
    self.banner = banner
    self.helpLinks = helpLinks
    self.supportedFeatures = supportedFeatures
  }

  package var messageType: MessageType { .kernelInfoReply }

  package func write(to members: inout JSONWriter) {
    members.member("status", "ok")
    members.member("protocol_version", HeaderStamp.protocolVersion)
    members.member("implementation", implementation)
    members.member("implementation_version", implementationVersion)
    members.object("language_info") { members in
      members.member("name", language.name)
      members.member("version", language.version)
      members.member("mimetype", language.mimetype)
      members.member("file_extension", language.fileExtension)
      members.member("pygments_lexer", language.pygmentsLexer)
      members.member("codemirror_mode", language.codeMirrorMode)
    }
    members.member("banner", banner)
    members.member("debugger", supportedFeatures.contains("debugger"))
    members.member("supported_features", supportedFeatures)
    members.array("help_links") { links in
      for link in helpLinks {
        links.object { members in
          members.member("text", link.text)
          members.member("url", link.url)
        }
      }
    }
  }
}
