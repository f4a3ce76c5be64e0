import ClusterCore

/// Keys that change while a member runs.
extension MemberDriver {
  /// Follows the file of the keys, until the task is cancelled. A file that is of no use changes
  /// nothing: the keys that were in force stay, and the log says so.
  func follow(_ source: KeySource) async {
    guard let keyring else { return }
    var source = source
    while (try? await Task.sleep(for: KeySource.period)) != nil {
      switch source.look(keyring.library) {
      case .none: continue
      case .success(let list): install(list, keyring)
      case .failure(let failure):
        logger.log(
          .error, "the key file is of no use: the keys stay as they were",
          ["file": source.file.path, "reason": failure.description, "accepted": KeyList.accepted])
      }
    }
  }

  private func install(_ list: KeyList, _ keyring: Keyring) {
    guard list != keyring.list else { return }
    keyring.replace(with: list)
    wake()
    let event = ClusterEvent.keyringChanged(fingerprints: list.fingerprints.map(\.description))
    events.publish(event)
    log(event)
  }
}
