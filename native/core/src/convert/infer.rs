//! The narrowest type that holds every value seen.

use super::values::{CsvType, parse_bool, parse_date, parse_float, parse_int, parse_timestamp};

/// Whole numbers beyond this are not exact as doubles.
const EXACT_DOUBLE: i64 = 1 << 53;

/// What one column has shown so far. `None`: no value yet.
#[derive(Debug, Clone, Default)]
pub struct Inference {
    kind: Option<CsvType>,
    /// A whole number was seen that a double would round.
    wide_int: bool,
    pub min: i64,
    pub max: i64,
}

impl Inference {
    pub fn add(&mut self, text: &[u8]) {
        let next = match self.kind {
            Some(CsvType::String) => return,
            // Most values are of the type of those before; the others are looked at whole.
            Some(CsvType::Int) => match parse_int(text) {
                Some(value) => return self.widen(value),
                None => classify(text),
            },
            Some(CsvType::Float) if parse_int(text).is_none() && parse_float(text).is_some() => return,
            _ => classify(text),
        };
        if next == CsvType::Int {
            self.widen(parse_int(text).unwrap_or_default());
        }
        self.kind = Some(match self.kind {
            None => next,
            Some(known) => self.merge(known, next),
        });
    }

    fn widen(&mut self, value: i64) {
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        self.wide_int |= value.unsigned_abs() > EXACT_DOUBLE as u64;
    }

    fn merge(&self, known: CsvType, next: CsvType) -> CsvType {
        use CsvType::{Date, Float, Int, String, Timestamp};
        match (known, next) {
            (a, b) if a == b => a,
            (Int, Float) | (Float, Int) if !self.wide_int => Float,
            (Date, Timestamp { utc: false }) | (Timestamp { utc: false }, Date) => Timestamp { utc: false },
            _ => String,
        }
    }

    /// A column without any value is text: nothing is known of it.
    pub fn kind(&self) -> CsvType {
        match self.kind {
            Some(CsvType::Float) if self.wide_int => CsvType::String,
            Some(kind) => kind,
            None => CsvType::String,
        }
    }
}

fn classify(text: &[u8]) -> CsvType {
    if parse_int(text).is_some() {
        CsvType::Int
    } else if parse_float(text).is_some() {
        CsvType::Float
    } else if parse_bool(text).is_some() {
        CsvType::Bool
    } else if parse_date(text).is_some() {
        CsvType::Date
    } else if let Some((_, utc)) = parse_timestamp(text) {
        CsvType::Timestamp { utc }
    } else {
        CsvType::String
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn infer(texts: &[&str]) -> CsvType {
        let mut inference = Inference::default();
        texts.iter().for_each(|text| inference.add(text.as_bytes()));
        inference.kind()
    }

    #[test]
    fn the_last_row_can_widen_the_type() {
        assert_eq!(infer(&["1", "2", "3"]), CsvType::Int);
        assert_eq!(infer(&["1", "2", "3.5"]), CsvType::Float);
        assert_eq!(infer(&["1", "2", "x"]), CsvType::String);
        assert_eq!(infer(&["2013-01-01", "2013-01-01 10:00"]), CsvType::Timestamp { utc: false });
        assert_eq!(infer(&["2013-01-01T00:00Z", "2013-01-01T00:00"]), CsvType::String);
        assert_eq!(infer(&["true", "0"]), CsvType::String);
        assert_eq!(infer(&[]), CsvType::String);
    }

    #[test]
    fn no_digit_is_lost_in_a_double() {
        assert_eq!(infer(&["9007199254740993", "0.5"]), CsvType::String);
        assert_eq!(infer(&["0.5", "9007199254740993"]), CsvType::String);
        assert_eq!(infer(&["9007199254740993"]), CsvType::Int);
    }
}
