import JSONText

/// The representations of one value, for `display_data` and `execute_result`.
///
/// Invariant: every bundle that leaves the session has a `text/plain` entry.
package struct MIMEBundle: Sendable, Equatable {
  /// The representations by MIME type: text as a JSON string, JSON types as the value itself.
  package var data: JSONObject
  /// Metadata by MIME type; usually empty.
  package var metadata: JSONObject

  package init(data: JSONObject = [:], metadata: JSONObject = [:]) {
    self.data = data
    self.metadata = metadata
  }

  package init(plain: String) { self.init(data: [MIMEType.plain: .string(plain)]) }
}

/// The MIME types that this kernel sends.
package enum MIMEType {
  package static let plain = "text/plain"
  package static let html = "text/html"
  package static let latex = "text/latex"
  package static let markdown = "text/markdown"
  package static let svg = "image/svg+xml"
  package static let png = "image/png"
  package static let pdf = "application/pdf"
  package static let dataResource = "application/vnd.dataresource+json"
  package static let widgetView = "application/vnd.jupyter.widget-view+json"
  package static let vegaLite = "application/vnd.vegalite.v5+json"
}
