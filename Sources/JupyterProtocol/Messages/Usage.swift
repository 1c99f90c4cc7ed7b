import JSONText

/// What the kernel and its host use, as the front end's resource display wants it. The request has no content.
///
/// Source: ipykernel's `usage_request`, which others follow.
package struct UsageReply: MessageContent {
  package var hostname: String
  package var pid: Int
  /// Percent of one processor since the last request.
  package var kernelCPU: Double
  /// Bytes; nil when it is not known.
  package var kernelMemory: Int?
  package var processorCount: Int
  /// Percent of all processors since the last request; nil when it is not known.
  package var hostCPU: Double?
  /// Bytes by kind, as the system counts them.
  package var hostMemory: [(name: String, value: JSONValue)]

  package init(
    hostname: String, pid: Int, kernelCPU: Double, kernelMemory: Int?, processorCount: Int,
    hostCPU: Double?, hostMemory: [(name: String, value: JSONValue)]
  ) {
    self.hostname = hostname
    self.pid = pid
    self.kernelCPU = kernelCPU
    self.kernelMemory = kernelMemory
    self.processorCount = processorCount
    self.hostCPU = hostCPU
    self.hostMemory = hostMemory
  }

  package var messageType: MessageType { .usageReply }

  package func write(to members: inout JSONWriter) {
    members.member("status", "ok")
    members.member("hostname", hostname)
    members.member("pid", pid)
    members.member("kernel_cpu", .number(kernelCPU))
    if let kernelMemory { members.member("kernel_memory", kernelMemory) }
    members.member("cpu_count", processorCount)
    if let hostCPU { members.member("host_cpu_percent", .number(hostCPU)) }
    members.member("host_virtual_memory", JSONObject(hostMemory))
  }
}
