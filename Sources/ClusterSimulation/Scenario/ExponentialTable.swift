import ClusterCore

/// The exponential distribution without floating point.
///
/// A logarithm from the system's mathematics library differs between libraries in its last bit, and
/// one bit is another run. So the quantiles are written down, and what lies between two is
/// interpolated. The last cell ends at the quantile 2047/2048, which cuts the tail at 7.6 means.
enum ExponentialTable {
  /// A draw from the exponential distribution with the mean `mean`.
  static func scaled(_ mean: UInt64, _ random: inout Randomness) -> UInt64 {
    let bits = random.next()
    let cell = Int(bits & 0xFF)
    let fraction = (bits >> 8) & 0xFFFF
    let (low, high) = (quantiles[cell], quantiles[cell + 1])
    let value = (low << 16) + (high - low) * fraction
    let (upper, lower) = mean.multipliedFullWidth(by: value)
    return (upper << 36) | (lower >> 28)
  }

  /// Element i is -ln(1 - i/256) in units of 1/4096.
  private static let quantiles: [UInt64] = [
    0, 16, 32, 48, 65, 81, 97, 114, 130, 147, 163, 180,
    197, 213, 230, 247, 264, 281, 299, 316, 333, 351, 368, 386,
    403, 421, 439, 457, 474, 492, 511, 529, 547, 565, 584, 602,
    621, 639, 658, 677, 696, 715, 734, 753, 772, 792, 811, 831,
    850, 870, 890, 910, 930, 950, 970, 991, 1011, 1032, 1052, 1073,
    1094, 1115, 1136, 1157, 1178, 1200, 1221, 1243, 1265, 1286, 1308, 1330,
    1353, 1375, 1397, 1420, 1443, 1466, 1488, 1512, 1535, 1558, 1582, 1605,
    1629, 1653, 1677, 1701, 1725, 1750, 1774, 1799, 1824, 1849, 1874, 1900,
    1925, 1951, 1977, 2003, 2029, 2055, 2082, 2108, 2135, 2162, 2189, 2217,
    2244, 2272, 2300, 2328, 2357, 2385, 2414, 2443, 2472, 2501, 2531, 2561,
    2591, 2621, 2651, 2682, 2713, 2744, 2776, 2807, 2839, 2871, 2904, 2936,
    2969, 3002, 3036, 3069, 3103, 3138, 3172, 3207, 3242, 3278, 3314, 3350,
    3386, 3423, 3460, 3497, 3535, 3573, 3612, 3650, 3690, 3729, 3769, 3810,
    3850, 3891, 3933, 3975, 4017, 4060, 4104, 4148, 4192, 4237, 4282, 4328,
    4374, 4421, 4468, 4516, 4564, 4613, 4663, 4713, 4764, 4816, 4868, 4921,
    4974, 5029, 5084, 5139, 5196, 5253, 5311, 5370, 5430, 5491, 5552, 5615,
    5678, 5743, 5808, 5875, 5943, 6011, 6081, 6153, 6225, 6299, 6374, 6451,
    6529, 6608, 6689, 6772, 6857, 6943, 7031, 7121, 7213, 7307, 7404, 7502,
    7603, 7707, 7813, 7923, 8035, 8150, 8269, 8391, 8517, 8647, 8782, 8921,
    9064, 9213, 9368, 9529, 9696, 9870, 10_052, 10_243, 10_443, 10_653, 10_874, 11_108,
    11_357, 11_621, 11_903, 12_207, 12_535, 12_891, 13_282, 13_713, 14_196, 14_743, 15_374, 16_121,
    17_035, 18_213, 19_874, 22_713, 31_230,
  ]
}
