/// The candidate that takes the fewest insertions, deletions and replacements to reach from `word` (Levenshtein's
/// distance); of equal ones, the first in order of the alphabet.
package func nearestSpelling(to word: String, among candidates: some Sequence<String>) -> String? {
    candidates.min { left, right in
        (spellingDistance(word, left), left) < (spellingDistance(word, right), right)
    }
}

/// How many insertions, deletions and replacements of letters lead from one word to the other.
func spellingDistance(_ left: String, _ right: String) -> Int {
    let target = Array(right.lowercased())
    var row = Array(0...target.count)
    for (index, character) in left.lowercased().enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in target.indices {
            let replaced = diagonal + (character == target[column] ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
        }
    }
    return row[target.count]
}
