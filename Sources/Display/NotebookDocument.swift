import JSONText

/// A notebook that the kernel writes: cells in their order, in Jupyter's format 4.5.
package struct NotebookDocument: Sendable {
  package struct Cell: Sendable {
    package enum Content: Sendable {
      case markdown(String)
      case code(String, outputs: [MIMEBundle])
    }

    package var content: Content
    package var metadata: JSONObject

    package init(_ content: Content, metadata: JSONObject = [:]) {
      self.content = content
      self.metadata = metadata
    }
  }

  package var cells: [Cell]

  package init(_ cells: [Cell]) { self.cells = cells }

  /// The file's text.
  package var bytes: [UInt8] { json.encoded + [UInt8(ascii: "\n")] }

  private var json: JSONValue {
    [
      "cells": .array(cells.enumerated().map { $1.json(number: $0 + 1) }),
      "metadata": [
        "kernelspec": ["display_name": "Nabla", "language": "nabla", "name": "nabla"],
        "language_info": ["name": "nabla"],
      ],
      "nbformat": 4,
      "nbformat_minor": 5,
    ]
  }
}

extension NotebookDocument.Cell {
  fileprivate func json(number: Int) -> JSONValue {
    var members: JSONObject = ["id": .string("cell-\(number)"), "metadata": .object(metadata)]
    switch content {
    case .markdown(let text):
      members["cell_type"] = "markdown"
      members["source"] = .string(text)
    case .code(let text, let outputs):
      members["cell_type"] = "code"
      members["source"] = .string(text)
      members["execution_count"] = .null
      members["outputs"] = .array(
        outputs.map { bundle in
          [
            "output_type": "display_data", "data": .object(bundle.data),
            "metadata": .object(bundle.metadata),
          ]
        })
    }
    return .object(members)
  }
}
