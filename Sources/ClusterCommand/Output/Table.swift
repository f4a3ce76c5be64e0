import Cluster

/// Rows with aligned columns. Cells come from the network: what a terminal would act upon is escaped.
struct Table {
  /// The columns' titles; none for a table that needs no explanation.
  var header: [String] = []
  /// The cells.
  var rows: [[String]]

  /// The table as lines, without spaces at their ends.
  var lines: [String] {
    let all = (header.isEmpty ? [] : [header]) + rows.map { $0.map(Self.cell) }
    var widths: [Int] = []
    for row in all {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.count)
      }
    }
    return all.map { row in
      let padded = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
  }

  /// The table as text.
  var text: String { lines.joined(separator: "\n") }

  private static func cell(_ text: String) -> String {
    text.isEmpty ? "-" : String(escaped(text, limit: 1_000).dropFirst().dropLast())
  }
}
