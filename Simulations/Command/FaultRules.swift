import ClusterCore

/// Which rule of the design each planted fault takes out.
enum FaultRules {
  /// What no scenario shows within some hundred seeds: the test that does, with the rule and without
  /// it, and why it takes a test.
  static let writtenOut: [PlantedFault: (test: String, why: String)] = [
    .deltaBySurvivingDots: (
      "PlantedRuleTests", "one datagram of an overwrite must reach one member and miss the others"
    ),
    .marksUnchecked: (
      "PlantedRuleTests", "an answer must be older than the deletes that its reader has forgotten"
    ),
    .sealedOutOfOrder: (
      "SealingTests", "a member must seal a life between hearing of it and of the one before"
    ),
    .readmittedAsOne: (
      "ReadmissionTests", "a store must be set aside with a conflict of which others have a part"
    ),
    .everybodyAsked: ("QuestionTests", cost),
    .transfersBeginAnew: ("BulkTests", cost),
    .oldFilesTrusted: (
      "FlushedClockTests", "somebody must put older files back, which no simulated disk does"
    ),
    .refusalRelayed: (
      "RefusalEvidenceTests", "a member must tell of a refusal that nobody else would find"
    ),
    .rumoursConfirm: ("MembershipRuleTests", likelihood),
    .accusedNotTold: ("MembershipRuleTests", likelihood),
    .degradedAccuses: ("MembershipRuleTests", likelihood),
    .noBatchedDeaths: (
      "MembershipRuleTests", "it orders events that no promise is about: those who part together"
    ),
  ]

  private static let likelihood =
    "it makes false suspicions likelier or quicker, which breaks no promise in any one run"

  private static let cost = "what is sent for nothing breaks no promise"

  /// The section of the design.
  static func section(_ fault: PlantedFault) -> String {
    switch fault {
    case .noRefutation, .deadAtOnce, .rumoursConfirm, .noLocalHealth, .noSuspicionDecay,
      .accusedNotTold:
      "4.1"
    case .bootDoesNotSupersede, .olderBootsCount: "4.2"
    case .thirdPartyKills, .verdictsBelieved: "4.3"
    case .deadForgotten: "4.4"
    case .stallUnnoticed, .degradedLeads, .degradedAccuses: "4.5"
    case .noBatchedDeaths: "4.6"
    case .endedStreamIsDeath, .refusalRelayed: "4.8"
    case .leaderHighest, .termsNotGrowing, .majorityUnheard: "5"
    case .stampsNotMonotone, .stampsDragClocks, .exposedDotsReused: "6.1"
    case .mergeByStamp, .writeCoversNewestOnly, .contextNotSent: "6.2"
    case .resolverInMerge: "6.3"
    case .deltaBySurvivingDots, .truncatedDeltaClaimsAll, .knownDotsReturn, .absenceDeletes,
      .noExceptions:
      "6.4"
    case .stableWhenReachableKnow, .stableByLargestDot, .noFullExchange, .neverSeal,
      .sealedWithoutAgreement, .sealedOutOfOrder, .deletesForgottenAtOnce:
      "6.5"
    case .actorWithoutBoot, .bootsTakenTwice, .bootsUnchecked, .marksUnchecked: "6.6"
    case .noAntiEntropy, .everybodyAsked, .transfersBeginAnew: "6.7"
    case .unflushedIsStable, .oldFilesTrusted, .readmittedAsOne, .unheardIsKnown:
      "6.11"
    case .damageUnnoticed: "8"
    }
  }
}
