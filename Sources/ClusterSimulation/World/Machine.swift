import ClusterCore

/// One simulated host with the process that runs on it, if one does.
struct Machine {
  /// The ordinal that the process claims.
  let ordinal: Int
  /// The process that runs; none while none does.
  var process: Process?
  /// How often a process was started here.
  var life = 0
  /// What was seen of the core after the last input.
  var glance = Node.Glance.none
  /// Where the host is reached at present.
  var address: Address
  /// How often the host got another address.
  var moves = 0
  /// Whether the process speaks a later version of the protocol.
  var speaksLater = false
  /// Whether the host answers a connect to a dead process with a refusal.
  var hostAnswers = false
  /// The host's clocks.
  var clock: MachineClock
  /// When the paused process goes on; none when it isn't paused.
  var resumesAt: UInt64?
  /// What arrived while the process was paused.
  var waiting: [Input] = []
  /// When the earliest scheduled wake comes, in simulation time.
  var scheduledWake = UInt64.max
  /// What its own clock shows then, if it runs as it did.
  var scheduledFor = Instant.distantFuture
  /// Whether a free line was promised and not yet told.
  var flushScheduled = false
  /// The process's open streams: its own number, the stream's index and side.
  var streams: [(id: StreamID, stream: Int, side: Int)] = []
  /// The number of the process's next stream.
  var nextStream: UInt64 = 1
  /// The host's disk.
  var disk = SimulatedDisk()
  /// What the last process had in memory.
  var remains: Store?
  /// Whether it was asked to separate itself from the others.
  var isSeparated = false
  /// Whether it was asked to leave.
  var isLeaving = false
  /// How the last process ended by itself.
  var ending: Ending?
  /// What its view and store were when all of it was last looked at.
  var sweptMark: UInt64 = 0
  /// How often it took another member for dead.
  var deaths = 0
  /// How often it suspected another member.
  var suspicions = 0
  /// How often it confirmed another leader than before, and which one last.
  var leaderChanges = 0
  var lastLeader: Int?
  /// The largest term that it confirmed.
  var lastTerm: UInt64 = 0
  /// The latest that its wall clock ever showed, in milliseconds.
  var highestWall: UInt64 = 0
  /// What this member's events said of the others, and what it held of them.
  var watch = MembershipWatch()

  /// A copy of the member's core; none while no process runs.
  var node: Node? { process?.core }

  /// Whether a process runs.
  var isUp: Bool { process != nil }

  /// Whether a process runs and isn't paused.
  var isActive: Bool { process != nil && resumesAt == nil }

  /// The moment that the host's clocks show.
  func moment(at time: UInt64) -> Moment { clock.moment(at: time) }
}

extension Node {
  /// What a register offers. Nothing that expires is written in a simulation yet, so that no clock
  /// is needed to tell.
  func candidates(_ key: Key) -> [Candidate] { candidates(key, wallMilliseconds: 0) }
}
