//! Names that stand for no column.

/// As many are reported as a reader can use.
pub const MAX_REPORTED: usize = 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownColumn {
    /// As written, with its qualifier.
    pub name: String,
    /// The nearest name that is known there.
    pub nearest: Option<String>,
    /// The table or alias in which it was looked for; None when several were.
    pub within: Option<String>,
}

/// The name that was probably meant, if one is near enough to say so.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let wanted: Vec<char> = name.to_lowercase().chars().take(64).collect();
    let limit = (wanted.len() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| {
            let other: Vec<char> = candidate.to_lowercase().chars().take(64).collect();
            (distance(&wanted, &other, limit), candidate)
        })
        .filter(|(edits, _)| *edits <= limit)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate.to_string())
}

/// Edits (insert, delete, replace, swap of neighbours) between two words: optimal string alignment (Damerau 1964).
/// `limit + 1` when their lengths alone are further apart than `limit`.
fn distance(a: &[char], b: &[char], limit: usize) -> usize {
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_near() {
        let known = ["revenue", "region", "order_id"];
        assert_eq!(nearest("revnue", known).as_deref(), Some("revenue"));
        assert_eq!(nearest("REGOIN", known).as_deref(), Some("region"));
        assert_eq!(nearest("customer", known), None);
    }
}
