/// A Publish request's fields, checked: what goes to which phone.
struct AmazonSNSMessage: Equatable {
    let number: String
    let text: String

    private static let longestText = 1600

    init(_ fields: FormFields) throws(AmazonSNSFault) {
        guard let action = fields["Action"], !action.isEmpty else { throw .actionMissing }
        guard action == "Publish", fields["Version"] == "2010-03-31" else { throw .actionUnknown }
        guard let number = fields["PhoneNumber"], !number.isEmpty else { throw .destinationMissing }
        guard number.isInternationalNumber else { throw .numberInvalid }
        guard let message = fields["Message"], !message.isEmpty else { throw .messageMissing }
        guard message.count <= Self.longestText else { throw .messageTooLong }
        self.number = number
        text = message
        try Self.checkAttributes(fields)
    }

    /// The attributes are numbered from 1.
    private static func checkAttributes(_ fields: FormFields) throws(AmazonSNSFault) {
        var entry = 1
        while let name = fields["MessageAttributes.entry.\(entry).Name"] {
            let prefix = "MessageAttributes.entry.\(entry).Value."
            guard let type = fields[prefix + "DataType"], let value = fields[prefix + "StringValue"], !value.isEmpty
            else { throw .attributeIncomplete }
            guard isValid(name, type: type, value: value) else { throw .attributeInvalid }
            entry += 1
        }
    }

    private static func isValid(_ name: String, type: String, value: String) -> Bool {
        switch name {
        case "AWS.SNS.SMS.SMSType": type == "String" && ["Promotional", "Transactional"].contains(value)
        case "AWS.SNS.SMS.SenderID": type == "String" && value.wholeMatch(of: /[A-Za-z0-9]{1,11}/) != nil
        case "AWS.SNS.SMS.MaxPrice": type == "Number" && (Double(value) ?? -1) >= 0
        default: ["String", "Number"].contains(type)
        }
    }
}
