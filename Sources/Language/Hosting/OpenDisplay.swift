import Display

/// Something shown that can be replaced where it stands. Any thread may do so, also after its cell has ended;
/// where nobody sees it any more, nothing happens.
package protocol OpenDisplay: Sendable {
  /// Its `display_id`: a host that is at another message replaces it by `.updateDisplay` too.
  var identity: String { get }

  /// Replaces what is shown.
  func update(_ bundle: MIMEBundle)
}
