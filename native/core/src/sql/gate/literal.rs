//! Values in the SQL of a dialect.

use super::super::dialect::SqlDialect;
use super::options::Literal;

/// The inside of a text in quotes: nothing in it can end the text.
pub fn escaped(text: &str, dialect: SqlDialect) -> String {
    match dialect {
        SqlDialect::DuckDb | SqlDialect::PostgreSql | SqlDialect::Sqlite => text.replace('\'', "''"),
        SqlDialect::Snowflake | SqlDialect::MySql => text.replace('\\', "\\\\").replace('\'', "''"),
        // Spark before 4 reads `'it''s'` as two texts, one after the other.
        SqlDialect::Databricks => text.replace('\\', "\\\\").replace('\'', "\\'"),
    }
}

pub fn text(text: &str, dialect: SqlDialect) -> String {
    format!("'{}'", escaped(text, dialect))
}

pub fn literal(value: &Literal, dialect: SqlDialect) -> String {
    match value {
        Literal::Text(value) => text(value, dialect),
        Literal::Number(value) if value.starts_with('-') => format!("({value})"),
        Literal::Number(value) => value.clone(),
        Literal::Boolean(value) => if *value { "TRUE" } else { "FALSE" }.into(),
    }
}

/// A name in the quotes of the dialect.
pub fn name(name: &str, dialect: SqlDialect) -> String {
    let quote = match dialect {
        SqlDialect::Databricks | SqlDialect::MySql => '`',
        SqlDialect::DuckDb | SqlDialect::PostgreSql | SqlDialect::Snowflake | SqlDialect::Sqlite => '"',
    };
    format!("{quote}{}{quote}", name.replace(quote, &format!("{quote}{quote}")))
}

/// Whether `text` is a number that every dialect reads: digits, a point, an exponent.
pub fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'))
        && digits.parse::<f64>().is_ok_and(f64::is_finite)
}
