//! Texts of a CSV file as values. A text is only read as a type when writing the value gives the same value back.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsvType {
    Bool,
    Int,
    Float,
    Date,
    /// Microseconds; `utc` when every text named its zone.
    Timestamp {
        utc: bool,
    },
    String,
}

pub fn parse_bool(text: &[u8]) -> Option<bool> {
    match text {
        b"true" | b"True" | b"TRUE" => Some(true),
        b"false" | b"False" | b"FALSE" => Some(false),
        _ => None,
    }
}

/// A whole number as people write one: no sign but `-`, no leading zero (`007` is a code, not seven).
pub fn parse_int(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let plain = matches!(digits, [b'0'] | [b'1'..=b'9', ..]) && digits.iter().all(u8::is_ascii_digit) && text != b"-0";
    if !plain {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Significant digits of a double's own text.
const DOUBLE_DIGITS: usize = 17;

/// A number whose double is written back as the same number.
pub fn parse_float(text: &[u8]) -> Option<f64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let starts = matches!(digits, [b'0'..=b'9', ..] | [b'.', b'0'..=b'9', ..]);
    let code = matches!(digits, [b'0', b'0'..=b'9', ..]);
    let mantissa = digits.split(|b| matches!(b, b'e' | b'E')).next().unwrap_or_default();
    let mut significant = mantissa
        .iter()
        .filter(|b| b.is_ascii_digit())
        .skip_while(|b| **b == b'0')
        .peekable();
    let zero = significant.peek().is_none();
    if !starts || code || significant.count() > DOUBLE_DIGITS {
        return None;
    }
    let value: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    (value.is_finite() && (zero || value != 0.0)).then_some(value)
}

fn number(text: &[u8]) -> Option<u32> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn month_days(year: i64, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar. Source: H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", days_from_civil.
fn days_from_civil(year: i64, month: u32, day: u32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = i64::from((month + 9) % 12);
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era - 719_468) as i32
}

/// `YYYY-MM-DD` as days from 1970-01-01.
pub fn parse_date(text: &[u8]) -> Option<i32> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text else {
        return None;
    };
    let (year, month, day) = (number(&[y1, y2, y3, y4])?, number(&[m1, m2])?, number(&[d1, d2])?);
    let year = i64::from(year);
    let known = (1..=12).contains(&month) && (1..=month_days(year, month)).contains(&day);
    known.then(|| days_from_civil(year, month, day))
}

/// `YYYY-MM-DD[T ]HH:MM[:SS[.ffffff]][Z|±HH[:]MM]` as microseconds from 1970, and whether it named its zone.
pub fn parse_timestamp(text: &[u8]) -> Option<(i64, bool)> {
    let (date, rest) = text.split_at_checked(10)?;
    let days = i64::from(parse_date(date)?);
    let rest = rest.strip_prefix(b"T").or_else(|| rest.strip_prefix(b" "))?;
    let zone_at = rest.iter().position(|b| matches!(b, b'Z' | b'+' | b'-')).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(zone_at);
    let micros = parse_clock(clock)?;
    let offset = parse_zone(zone)?;
    Some(((days * 86_400 - offset.unwrap_or(0)) * 1_000_000 + micros, offset.is_some()))
}

fn parse_clock(clock: &[u8]) -> Option<i64> {
    let (whole, fraction) = match clock.iter().position(|b| *b == b'.') {
        Some(dot) => (&clock[..dot], &clock[dot + 1..]),
        None => (clock, &b""[..]),
    };
    let (hour, minute, second) = match *whole {
        [h1, h2, b':', m1, m2] if fraction.is_empty() && clock.len() == 5 => (number(&[h1, h2])?, number(&[m1, m2])?, 0),
        [h1, h2, b':', m1, m2, b':', s1, s2] => (number(&[h1, h2])?, number(&[m1, m2])?, number(&[s1, s2])?),
        _ => return None,
    };
    // Nanoseconds would lose digits.
    if hour > 23 || minute > 59 || second > 59 || fraction.len() > 6 || clock.ends_with(b".") {
        return None;
    }
    let mut micros = if fraction.is_empty() { 0 } else { i64::from(number(fraction)?) };
    for _ in fraction.len()..6 {
        micros *= 10;
    }
    if fraction.is_empty() {
        micros = 0;
    }
    Some(i64::from(hour * 3600 + minute * 60 + second) * 1_000_000 + micros)
}

/// `Some(None)`: no zone is named. The offset is in seconds east of UTC.
fn parse_zone(zone: &[u8]) -> Option<Option<i64>> {
    let (sign, h1, h2, m1, m2) = match *zone {
        [] => return Some(None),
        [b'Z'] => return Some(Some(0)),
        [sign, h1, h2] => (sign, h1, h2, b'0', b'0'),
        [sign, h1, h2, b':', m1, m2] | [sign, h1, h2, m1, m2] => (sign, h1, h2, m1, m2),
        _ => return None,
    };
    let (hours, minutes) = (number(&[h1, h2])?, number(&[m1, m2])?);
    if hours > 18 || minutes > 59 {
        return None;
    }
    let seconds = i64::from(hours * 3600 + minutes * 60);
    match sign {
        b'+' => Some(Some(seconds)),
        b'-' => Some(Some(-seconds)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_no_numbers() {
        for text in ["007", "+5", "-0", "1_000", "", "-", "1 ", "0x1f", "9223372036854775808"] {
            assert_eq!(parse_int(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse_int(b"-42"), Some(-42));
        assert_eq!(parse_int(b"9223372036854775807"), Some(i64::MAX));
        for text in ["nan", "inf", "00.5", "1e999", "1e-999", "0.123456789012345678", ".", "1,5"] {
            assert_eq!(parse_float(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse_float(b"-1.5e3"), Some(-1500.0));
        assert_eq!(parse_float(b"0.00012345678901234567"), Some(0.000_123_456_789_012_345_67));
        assert_eq!(parse_float(b"0.0e5"), Some(0.0));
    }

    #[test]
    fn dates_exist() {
        assert_eq!(parse_date(b"1970-01-01"), Some(0));
        assert_eq!(parse_date(b"2000-02-29"), Some(11_016));
        assert_eq!(parse_date(b"1969-12-31"), Some(-1));
        for text in ["1900-02-29", "2013-13-01", "2013-04-31", "2013-4-1", "13-04-01"] {
            assert_eq!(parse_date(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn timestamps_keep_their_moment() {
        assert_eq!(parse_timestamp(b"1970-01-01T00:00:01Z"), Some((1_000_000, true)));
        assert_eq!(parse_timestamp(b"1970-01-01 01:00:00.5+01:00"), Some((500_000, true)));
        assert_eq!(parse_timestamp(b"1970-01-01 00:01"), Some((60_000_000, false)));
        for text in [
            "1970-01-01T24:00:00",
            "1970-01-01T00:00:00.1234567",
            "1970-01-01T00",
            "1970-01-01T00:00:00.",
            "1970-01-01T00:00:00Zx",
        ] {
            assert_eq!(parse_timestamp(text.as_bytes()), None, "{text}");
        }
    }
}
