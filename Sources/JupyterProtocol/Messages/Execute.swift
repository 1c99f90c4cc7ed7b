import JSONText

/// A cell to run.
package struct ExecuteRequest: Sendable {
  package var code: String
  /// Run without any output to clients, and without a place in the history.
  package var isSilent: Bool
  /// Whether the cell counts and is remembered; a silent one never is.
  package var storesHistory: Bool
  /// Expressions to evaluate after a successful cell, by the name of their result.
  package var userExpressions: [(name: String, expression: String)]
  package var allowsInput: Bool
  package var stopsOnError: Bool

  init(_ reader: ContentReader) throws(ContentError) {
    code = try reader.text("code")
    isSilent = try reader.flag("silent", default: false)
    storesHistory = try reader.flag("store_history", default: true) && !isSilent
    allowsInput = try reader.flag("allow_stdin", default: false)
    stopsOnError = try reader.flag("stop_on_error", default: true)
    userExpressions = []
    for member in try reader.object("user_expressions").members {
      guard let expression = member.value.stringValue else {
        throw ContentError(message: "the user expression \"\(member.name)\" must be a text")
      }
      userExpressions.append((name: member.name, expression: expression))
    }
  }
}

/// The reply to a cell that succeeded; for one that failed, see `ErrorReply`.
package struct ExecuteReply: MessageContent {
  package var executionCount: Int
  package var userExpressions: [(name: String, result: UserExpressionResult)]
  /// What the front end's pager shows.
  package var pages: [MIMEContent]

  package enum UserExpressionResult: Sendable {
    case value(MIMEContent)
    case failure(ErrorContent)
  }

  package init(
    executionCount: Int, userExpressions: [(name: String, result: UserExpressionResult)] = [],
    pages: [MIMEContent] = []
  ) {
    self.executionCount = executionCount
    self.userExpressions = userExpressions
    self.pages = pages
  }

  package var messageType: MessageType { .executeReply }

  package func write(to members: inout JSONWriter) {
    members.member("status", "ok")
    members.member("execution_count", executionCount)
    members.object("user_expressions") { members in
      for (name, result) in userExpressions {
        members.name(name)
        members.object { members in
          switch result {
          case .value(let content):
            members.member("status", "ok")
            content.write(to: &members)
          case .failure(let error):
            members.member("status", "error")
            error.write(to: &members)
          }
        }
      }
    }
    members.array("payload") { payloads in
      for page in pages {
        payloads.object { members in
          members.member("source", "page")
          members.member("data", page.data)
          members.member("start", 0)
        }
      }
    }
  }
}

/// What all clients are told of a cell before it runs.
package struct ExecuteInput: MessageContent {
  package var code: String
  package var executionCount: Int

  package init(code: String, executionCount: Int) {
    self.code = code
    self.executionCount = executionCount
  }

  package var messageType: MessageType { .executeInput }

  package func write(to members: inout JSONWriter) {
    members.member("code", code)
    members.member("execution_count", executionCount)
  }
}
