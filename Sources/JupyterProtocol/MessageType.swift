/// The types of message that the kernel understands or sends.
package enum MessageType: String, Sendable, CaseIterable {
  // Shell
  case executeRequest = "execute_request"
  case executeReply = "execute_reply"
  case inspectRequest = "inspect_request"
  case inspectReply = "inspect_reply"
  case completeRequest = "complete_request"
  case completeReply = "complete_reply"
  case isCompleteRequest = "is_complete_request"
  case isCompleteReply = "is_complete_reply"
  case historyRequest = "history_request"
  case historyReply = "history_reply"
  case connectRequest = "connect_request"
  case connectReply = "connect_reply"
  case commInfoRequest = "comm_info_request"
  case commInfoReply = "comm_info_reply"
  // Shell, of this kernel's own: for its extension of JupyterLab
  case findingsRequest = "nabla_findings_request"
  case findingsReply = "nabla_findings_reply"
  case formatRequest = "nabla_format_request"
  case formatReply = "nabla_format_reply"
  // Shell and control
  case kernelInfoRequest = "kernel_info_request"
  case kernelInfoReply = "kernel_info_reply"
  case interruptRequest = "interrupt_request"
  case interruptReply = "interrupt_reply"
  case shutdownRequest = "shutdown_request"
  case shutdownReply = "shutdown_reply"
  // Control
  case usageRequest = "usage_request"
  case usageReply = "usage_reply"
  case createSubshellRequest = "create_subshell_request"
  case createSubshellReply = "create_subshell_reply"
  case deleteSubshellRequest = "delete_subshell_request"
  case deleteSubshellReply = "delete_subshell_reply"
  case listSubshellsRequest = "list_subshell_request"
  case listSubshellsReply = "list_subshell_reply"
  case debugRequest = "debug_request"
  case debugReply = "debug_reply"
  // IOPub
  case status
  case executeInput = "execute_input"
  case executeResult = "execute_result"
  case displayData = "display_data"
  case updateDisplayData = "update_display_data"
  case stream
  case error
  case clearOutput = "clear_output"
  case welcome = "iopub_welcome"
  case debugEvent = "debug_event"
  // Shell and IOPub
  case commOpen = "comm_open"
  case commMessage = "comm_msg"
  case commClose = "comm_close"
  // Stdin
  case inputRequest = "input_request"
  case inputReply = "input_reply"

  /// The type of a request's reply, or nil for what is not answered.
  package var reply: MessageType? {
    switch self {
    case .executeRequest: .executeReply
    case .inspectRequest: .inspectReply
    case .completeRequest: .completeReply
    case .isCompleteRequest: .isCompleteReply
    case .findingsRequest: .findingsReply
    case .formatRequest: .formatReply
    case .historyRequest: .historyReply
    case .connectRequest: .connectReply
    case .commInfoRequest: .commInfoReply
    case .kernelInfoRequest: .kernelInfoReply
    case .interruptRequest: .interruptReply
    case .shutdownRequest: .shutdownReply
    case .usageRequest: .usageReply
    case .createSubshellRequest: .createSubshellReply
    case .deleteSubshellRequest: .deleteSubshellReply
    case .listSubshellsRequest: .listSubshellsReply
    case .debugRequest: .debugReply
    default: nil
    }
  }
}
