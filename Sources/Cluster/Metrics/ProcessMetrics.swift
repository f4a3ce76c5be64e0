import ClusterCore
import Glibc

/// What Prometheus' client libraries tell of every process, by the same names.
package enum ProcessMetrics {
  /// The metrics now; those that the system doesn't tell are left out.
  package static var families: [MetricFamily] {
    var families: [MetricFamily] = []
    let usage = ResourceUsage.current()
    families.append(
      MetricFamily(
        "process_cpu_seconds_total", .counter, "User and system CPU time spent in seconds.",
        usage.cpuSeconds))
    if let pages = status() {
      let size = Double(sysconf(Int32(_SC_PAGESIZE)))
      families.append(
        MetricFamily(
          "process_virtual_memory_bytes", .gauge, "Virtual memory size in bytes.",
          pages.virtual * size))
      families.append(
        MetricFamily(
          "process_resident_memory_bytes", .gauge, "Resident memory size in bytes.",
          pages.resident * size))
    }
    if let started = startSeconds {
      families.append(
        MetricFamily(
          "process_start_time_seconds", .gauge,
          "Start time of the process since unix epoch in seconds.", started))
    }
    if let open = openDescriptors() {
      families.append(
        MetricFamily(
          "process_open_fds", .gauge, "Number of open file descriptors.", Double(open)))
    }
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      families.append(
        MetricFamily(
          "process_max_fds", .gauge, "Maximum number of open file descriptors.",
          Double(limit.rlim_cur)))
    }
    return families
  }

  /// The start, worked out once: the wall clock may be set later.
  private static let startSeconds: Double? = {
    // Field 22 of stat, counted behind the name, which may hold anything: ticks since the boot.
    guard let text = content(of: "/proc/self/stat"), let end = text.lastIndex(of: ")"),
      let ticks = Double(text[end...].split(separator: " ").dropFirst(20).first ?? "")
    else { return nil }
    let now = Clock.now()
    let age =
      Double(now.instant.nanoseconds) / 1e9 - ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    return Double(now.wallMilliseconds) / 1e3 - age
  }()

  private static func status() -> (virtual: Double, resident: Double)? {
    guard let fields = content(of: "/proc/self/statm")?.split(separator: " "), fields.count > 1,
      let virtual = Double(fields[0]), let resident = Double(fields[1])
    else { return nil }
    return (virtual, resident)
  }

  private static func openDescriptors() -> Int? {
    guard let folder = opendir("/proc/self/fd") else { return nil }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    // Itself, its parent, and the folder that is being read.
    return max(0, count - 3)
  }

  private static func content(of path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}

/// The process's use of the machine.
private struct ResourceUsage {
  var cpuSeconds: Double

  static func current() -> ResourceUsage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return ResourceUsage(cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime))
  }
}
