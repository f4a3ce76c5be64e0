/// What a fresh connection to a member that fell silent has shown.
///
/// A cut network, a process that stands still and one that ended look the same to a probe: silence. A
/// connection tells them apart, for a system answers it in its process's stead. One that stands still
/// has its connections taken, and says nothing over them; where none listens any more they are refused;
/// and of a host that is cut off nothing is heard. So a member that fell silent is knocked at once, and
/// only what stays silent is told as a suspected partition.
package enum Knock: Hashable, Sendable {
  /// Nothing: it wasn't tried, or nobody answered, or it spoke over the connection and thus lives.
  case none
  /// It is being tried.
  case tried
  /// Its system took the connection, and it said nothing: it stands still.
  case taken
  /// The connection was refused: the process is over.
  case refused

  /// Where more than so many fall silent together it is the network, and nobody is tried any more.
  package static let most = 8
  /// How long an answer is waited for.
  package static let patience = Span64.milliseconds(250)
}
