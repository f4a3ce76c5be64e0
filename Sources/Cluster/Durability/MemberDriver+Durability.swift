import ClusterCore
import Synchronization

/// The member's data directory.
extension MemberDriver {
  /// Takes what a directory holds, before the member starts, and writes to it from then on. The disk
  /// is waited for on a thread of its own.
  func restore(from path: String) async throws(ClusterError) {
    let result = await withCheckedContinuation {
      (continuation: CheckedContinuation<Result<Void, ClusterError>, Never>) in
      do throws(SystemError) {
        _ = try LoopThread(name: "cluster-restore") { [self] in
          continuation.resume(returning: restoreNow(from: path))
        }
      } catch {
        continuation.resume(returning: .failure(.dataDirectory("\(error)")))
      }
    }
    guard case .failure(let failure) = result else { return }
    end(nil)
    throw failure
  }

  private func restoreNow(from path: String) -> Result<Void, ClusterError> {
    do throws(SystemError) {
      let folder = try SystemFolder(path)
      let header = withNode { $0.journalHeader }
      switch try JournalFiles.open(folder, header: header, seed: Entropy.bits()) {
      case .failure(let refusal):
        return .failure(.dataDirectory("\(path)/\(JournalFiles<SystemFolder>.name): \(refusal)"))
      case .success((let files, let restoration)):
        return .success(try restore(restoration, files))
      }
    } catch {
      guard !error.isLockedElsewhere else {
        return .failure(.dataDirectory("\(path) is used by another process"))
      }
      return .failure(.dataDirectory("\(error)"))
    }
  }

  /// Gives the node what was found, and starts the thread that writes.
  func restore<Folder: DataFolder>(
    _ restoration: Restoration, _ files: JournalFiles<Folder>
  ) throws(SystemError) {
    let thread = try JournalThread(files) { [self] input in
      isOver || submit(input)
    } tell: { [self] news in
      switch news {
      case .failed(let reason): tell(.storageFailed(reason: reason))
      case .recovered: tell(.storageRecovered)
      }
    }
    journal.withLock { $0 = thread }
    node.withLock { node in
      node.restore(restoration, at: Clock.now())
      guard feed.keepsHistory else { return }
      // Whoever watches already has been told that there is nothing.
      node.forEachRegister { key, register in
        let candidates = node.candidates(key, wallMilliseconds: Clock.now().wallMilliseconds)
        if let newest = candidates.last {
          feed.append(
            KeyChange(key: key, candidates: candidates, origin: newest.origin, cause: .remote))
        }
        return true
      }
    }
    logger.log(
      .info, "restored from the data directory",
      [
        "keys": "\(restoration.count)", "bytes": "\(files.size)",
        "torn": "\(restoration.tornBytes)",
      ])
    if !restoration.isTrusted {
      tell(.storageDamaged(detail: restoration.damage.prefix(8).joined(separator: "; ")))
    }
  }
}
