import Foundation
import Testing

@testable import ClusterAdmin

@Suite struct OpenAPITests {
  private func document() throws -> [String: Any] {
    let json = try JSONSerialization.jsonObject(with: Data(OpenAPI.document))
    return try #require(json as? [String: Any])
  }

  @Test func `every route is documented, and nothing else`() throws {
    let paths = try #require(try document()["paths"] as? [String: [String: Any]])
    let documented = paths.flatMap { path, operations in operations.keys.map { "\($0) \(path)" } }
    let routes = Routes.table.map { "\($0.method.rawValue.lowercased()) \($0.path)" }
    #expect(documented.sorted() == routes.sorted())
  }

  @Test func `every schema that is named is there, and every one that is there is named`() throws {
    let text = String(decoding: OpenAPI.document, as: UTF8.self)
    let components = try #require(try document()["components"] as? [String: [String: Any]])
    let schemas = try #require(components["schemas"])
    let used = Set(text.matches(of: /#\/components\/schemas\/(\w+)/).map { String($0.output.1) })
    #expect(used.subtracting(schemas.keys) == [])
    #expect(Set(schemas.keys).subtracting(used) == ["Cut"], "Cut is of demonstrations only")
  }

  @Test func `the document is served, and a demonstration's routes are not in it`() throws {
    var conversation = Conversation()
    let reply = try conversation.ask("GET /openapi.json")
    #expect(reply.status == 200 && reply["content-type"] == "application/json")
    #expect(reply.body == OpenAPI.document)
    #expect(!reply.text.contains("/demo/"))
  }
}
