extension [PeriodicTask] {
    /// Checks that no name comes twice.
    func checkNames() throws(PeriodicTaskError) {
        var numbers: [String: Int] = [:]
        for (index, task) in enumerated() {
            if let other = numbers.updateValue(index + 1, forKey: task.name) {
                throw PeriodicTaskError(
                    entry: "\(index + 1) (\(task.name))", key: "name", reason: "entry \(other) has the same name")
            }
        }
    }
}
