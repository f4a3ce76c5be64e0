import ClusterCore

extension ClusterConfiguration {
  /// Whether packets are to be protected.
  package var hasKey: Bool { keyFile != nil || key != nil }

  /// The keys that protect packets, and the file that they came from; nothing without a key.
  ///
  /// - Throws: What is wrong with the key or its file, or that the system can't protect packets.
  func keyring() throws(ConfigurationError) -> (keyring: Keyring, source: KeySource?)? {
    guard let setting = keyFile != nil ? ConfigurationSetting.keyFile : key.map({ _ in .key })
    else { return nil }
    let library: CryptoLibrary
    do throws(CryptoLibrary.Missing) {
      library = try CryptoLibrary.shared()
    } catch {
      throw ConfigurationError(
        setting, value: keyFile, problem: "packets can't be protected: \(error)",
        accepted: "a system with OpenSSL's libcrypto (\(CryptoLibrary.wanted)), or no key")
    }
    let placement = try placement()
    let source = keyFile.map { KeySource(file: WatchedFile(path: $0)) }
    let list: KeyList
    let stamp: WatchedFile.Stamp?
    do throws(KeySource.Failure) {
      if let source {
        (list, stamp) = try source.read(library)
      } else {
        (list, stamp) = (try KeySource.read(variable: key ?? "", library), nil)
      }
    } catch {
      throw ConfigurationError(
        setting, value: keyFile, problem: error.description, accepted: KeyList.accepted)
    }
    let keyring = Keyring(
      list, cluster: placement.clusterID, ordinal: placement.ordinal, size: size, library)
    return (keyring, source?.read(stamp))
  }
}
