//! Texts that stand for dates, times and truth values.

use super::options::ColumnType;

/// What else than a text this can be read as, in every system, without an error.
pub fn readable_as(text: &str) -> Option<ColumnType> {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let between = |range: std::ops::Range<usize>, low: u32, high: u32| {
        text.get(range)
            .and_then(|part| part.parse::<u32>().ok())
            .is_some_and(|part| (low..=high).contains(&part))
    };
    let date = between(0..4, 1, 9999) && between(5..7, 1, 12) && between(8..10, 1, 28);
    // The last days of a month are dates of most months only.
    let last = between(0..4, 1, 9999) && between(8..10, 29, 31) && {
        let month = text.get(5..7).unwrap_or_default();
        let day = text.get(8..10).unwrap_or_default();
        match month {
            "01" | "03" | "05" | "07" | "08" | "10" | "12" => true,
            "04" | "06" | "09" | "11" => day != "31",
            _ => false,
        }
    };
    match shape.as_str() {
        "0000-00-00" => (date || last).then_some(ColumnType::Date),
        "0000-00-00 00:00:00" | "0000-00-00T00:00:00" => {
            let time = between(11..13, 0, 23) && between(14..16, 0, 59) && between(17..19, 0, 59);
            ((date || last) && time).then_some(ColumnType::Timestamp)
        }
        "true" | "false" => Some(ColumnType::Boolean),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_date_only_when_every_system_reads_it_so() {
        assert_eq!(readable_as("2024-02-28"), Some(ColumnType::Date));
        assert_eq!(readable_as("2024-01-31"), Some(ColumnType::Date));
        for text in [
            "2024-02-30",
            "2024-13-01",
            "2024-04-31",
            "0000-01-01",
            "2024-1-1",
            "20240101",
            "x",
            "",
        ] {
            assert_eq!(readable_as(text), None, "{text}");
        }
        assert_eq!(readable_as("2024-02-28 23:59:59"), Some(ColumnType::Timestamp));
        assert_eq!(readable_as("2024-02-28 24:00:00"), None);
    }
}
