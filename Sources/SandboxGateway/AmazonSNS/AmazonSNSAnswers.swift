internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The vendor's answers as XML. None of their texts needs escaping.
struct AmazonSNSDocument {
    let text: String

    static func accepted(messageID: String, requestID: String) -> AmazonSNSDocument {
        AmazonSNSDocument(
            text: """
                <PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
                  <PublishResult>
                    <MessageId>\(messageID)</MessageId>
                  </PublishResult>
                  <ResponseMetadata>
                    <RequestId>\(requestID)</RequestId>
                  </ResponseMetadata>
                </PublishResponse>

                """)
    }

    static func refused(_ fault: AmazonSNSFault, requestID: String) -> AmazonSNSDocument {
        AmazonSNSDocument(
            text: """
                <ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
                  <Error>
                    <Type>\(fault.status == .internalServerError ? "Receiver" : "Sender")</Type>
                    <Code>\(fault.code)</Code>
                    <Message>\(fault.message)</Message>
                  </Error>
                  <RequestId>\(requestID)</RequestId>
                </ErrorResponse>

                """)
    }
}

extension Response {
    /// An answer of the vendor's.
    ///
    /// - Parameter retryAfter: The seconds until the caller may try again.
    static func amazon(
        _ document: AmazonSNSDocument, status: HTTPResponse.Status, requestID: String, retryAfter: Int? = nil
    ) -> Response {
        var headers: HTTPFields = [.contentType: "text/xml"]
        headers[.retryAfter] = retryAfter.map(String.init)
        if let name = HTTPField.Name("x-amzn-RequestId") { headers[name] = requestID }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: document.text)))
    }
}
