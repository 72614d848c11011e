import Testing

@testable import SMSProviders

@Suite("A gateway's address")
struct GatewayAddressTests {
    @Test(
        "has the host and the path that are on the wire",
        arguments: [
            ("https://sms.tencentcloudapi.com", "sms.tencentcloudapi.com", "/"),
            ("https://sms.tencentcloudapi.com:443/", "sms.tencentcloudapi.com", "/"),
            ("http://127.0.0.1:8090", "127.0.0.1:8090", "/"), ("http://localhost:80", "localhost", "/"),
            ("http://localhost:443", "localhost:443", "/"), ("http://[::1]:8090/aliyun", "[::1]:8090", "/aliyun"),
            ("http://localhost:8090/tencent/", "localhost:8090", "/tencent/"),
            ("https://a.example/%E4%B8%AD", "a.example", "/%E4%B8%AD"),
        ])
    func parts(text: String, host: String, path: String) throws {
        let address = try #require(GatewayAddress(text))
        #expect(address.host == host)
        #expect(address.path == path)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "gateway", "localhost:8090", "ftp://localhost", "https://", "https:///path", "https://a.example/?b=c",
            "https://a.example/#b", "https://user:password@a.example",
        ])
    func none(text: String) {
        #expect(GatewayAddress(text) == nil)
    }
}
