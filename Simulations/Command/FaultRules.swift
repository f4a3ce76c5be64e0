import ClusterCore

/// Which rule of the design each planted fault takes out.
enum FaultRules {
  /// What no scenario shows, since it takes a hand that picks single datagrams, or looks at more than
  /// what a member tells: the test that does, with the rule and without it.
  static let writtenOut: [PlantedFault: String] = [
    .deltaBySurvivingDots: "PlantedRuleTests", .marksUnchecked: "PlantedRuleTests",
    .oldFilesTrusted: "FlushedClockTests",
    .refusalRelayed: "RefusalEvidenceTests", .rumoursConfirm: "MembershipRuleTests",
    .accusedNotTold: "MembershipRuleTests", .noBatchedDeaths: "MembershipRuleTests",
    .degradedAccuses: "MembershipRuleTests",
  ]

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
      .sealedWithoutAgreement, .deletesForgottenAtOnce:
      "6.5"
    case .actorWithoutBoot, .bootsUnchecked, .marksUnchecked: "6.6"
    case .noAntiEntropy: "6.7"
    case .unflushedIsStable, .oldFilesTrusted: "6.11"
    case .damageUnnoticed: "8"
    }
  }
}
