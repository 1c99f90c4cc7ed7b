// The loop of fuzz.py within one process, over the modules of a release build: inputs come in by stdin, each
// as its length (32 bits, little-endian) and its bytes; for each a byte goes out, `.` when it was survived, `i` when it
// had to be interrupted, and a line of text for `!`, which must not happen. A length of nothing makes all anew,
// so that what has been kept shows in the process's memory. What ends the process is known by the bytes that
// are missing.
//
//     FuzzLoop KIND FOLDER
//
// KIND is one of those below; FOLDER is where files are laid for the cells that read them.

import CLinux
import Glibc
import KernelServer
import Synchronization

/// What an input is given to.
protocol InputTarget: Sendable {
  /// Gives an input; returns what must not happen, in words, when it did.
  func feed(_ input: [UInt8]) -> String?
  /// Ends what runs. Called by another thread.
  func interrupt()
  /// Forgets all that was.
  func renew()
}

let targets: [String: (String) -> any InputTarget] = [
  "cells": { _ in CellTarget() }, "files": { FileTarget(folder: $0) },
  "wire": { _ in WireTarget() }, "connections": { _ in ConnectionTarget() },
  "notebooks": { _ in RunTarget() },
]

/// How long an input may take by itself, and how long after it has been interrupted: of the processor's time, which does
/// not grow with what else the machine does; the last is for one that only waits.
let patience = Duration.milliseconds(100)
let lastPatience = Duration.seconds(1)
/// In looks at the watch, so that it does not count where the whole process is stopped for a while.
let waitingPatience = 1_000

/// The clock of the evaluation thread's own time.
let ownClock = Mutex<clockid_t>(CLOCK_MONOTONIC)

func ownTime() -> Duration {
  var time = timespec()
  clock_gettime(ownClock.withLock { $0 }, &time)
  return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

/// The number of the input at work, and the thread's time when it was begun; nil between inputs.
let watch = Mutex<(number: Int, began: Duration?)>((0, nil))

func read(_ count: Int) -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: count)
  var have = 0
  while have < count {
    let part = bytes.withUnsafeMutableBytes { buffer in
      Glibc.read(STDIN_FILENO, buffer.baseAddress.map { $0 + have }, count - have)
    }
    if part < 0, errno == EINTR { continue }
    guard part > 0 else { return nil }
    have += part
  }
  return bytes
}

func say(_ text: String) {
  let bytes = Array(text.utf8)
  var have = 0
  while have < bytes.count {
    let part = bytes[have...].withUnsafeBytes {
      Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count)
    }
    guard part > 0 else { _exit(0) }
    have += part
  }
}

/// The number of the input that was interrupted last.
let interrupted = Mutex(0)

let arguments = CommandLine.arguments
guard arguments.count == 3, let make = targets[arguments[1]] else {
  say("FuzzLoop \(targets.keys.sorted().joined(separator: "|")) FOLDER\n")
  exit(64)
}
nabla_share_one_heap()
let target = make(arguments[2])

let evaluation = PlainThread(name: "evaluation", stackSize: Shell.stackSize) {
  var clock = clockid_t()
  if pthread_getcpuclockid(pthread_self(), &clock) == 0 { ownClock.withLock { $0 = clock } }
  let stack = ThreadStack()
  while let head = read(4) {
    let length = (0..<4).reduce(0) { $0 | Int(head[$1]) << (8 * $1) }
    guard let input = read(length) else { break }
    guard length > 0 else {
      target.renew()
      nabla_return_memory()
      say(".")
      continue
    }
    watch.withLock { $0 = ($0.number + 1, ownTime()) }
    let finding = target.feed(input)
    stack.release()
    let wasInterrupted = watch.withLock { watch in
      watch.began = nil
      return interrupted.withLock { $0 } == watch.number
    }
    if let finding {
      say("!\(finding.prefix(300).split(separator: "\n").joined(separator: " "))\n")
    } else {
      say(wasInterrupted ? "i" : ".")
    }
  }
  _exit(0)
}

var (waited, lastSeen) = (0, 0)
while true {
  usleep(20_000)
  let (number, began) = watch.withLock { $0 }
  guard let began else { continue }
  (waited, lastSeen) = (number == lastSeen ? waited + 1 : 0, number)
  let worked = ownTime() - began
  let isFirst = interrupted.withLock { last in
    guard worked > patience || waited > waitingPatience / 10, last != number else { return false }
    last = number
    return true
  }
  if isFirst { target.interrupt() }
  if worked > patience + lastPatience || waited > waitingPatience {
    say("!no interrupt ends it\n")
    // Where it is, for who looks into the core.
    abort()
  }
}
