//! What stands in a query in place of a masked column. No mask can raise an error on any value, so that a predicate over it
//! tells nothing of the rows that a filter hides. That a value is NULL is seen through `hash`, `partial` and `bucket`.

use super::super::dialect::SqlDialect;
use super::literal::{literal, text};
use super::options::{Column, ColumnType, Literal, Mask, Unit};

use SqlDialect as D;

/// The expression for `column` in SQL, where `raw` is the column itself, and the kind of its values. A mask that does not fit
/// the column's type leaves nothing of it.
pub fn masked(mask: &Mask, column: &Column, raw: &str, salt: &str, dialect: SqlDialect) -> (String, ColumnType) {
    let nothing = || (null(column.kind, dialect), column.kind);
    match mask {
        Mask::Null => nothing(),
        Mask::Hash => match hash(raw, salt, dialect) {
            Some(sql) => (sql, ColumnType::String),
            None => (null(ColumnType::String, dialect), ColumnType::String),
        },
        Mask::Partial { first, last } => (partial(raw, *first, *last, dialect), ColumnType::String),
        Mask::Size(size) => match column.kind {
            ColumnType::Integer | ColumnType::Number => floor(raw, size, column.kind, dialect),
            _ => nothing(),
        },
        Mask::Unit(unit) => match column.kind {
            ColumnType::Date | ColumnType::Timestamp => (start(raw, *unit, column.kind, dialect), column.kind),
            _ => nothing(),
        },
        Mask::Constant(value) => constant(value, column.kind, dialect),
    }
}

fn null(kind: ColumnType, dialect: SqlDialect) -> String {
    format!("CAST(NULL AS {})", type_name(kind, dialect))
}

/// The type of the dialect that holds the values of a kind. MySQL's CAST has names of its own.
fn type_name(kind: ColumnType, dialect: SqlDialect) -> &'static str {
    match (kind, dialect) {
        (ColumnType::String, D::DuckDb | D::Snowflake) => "VARCHAR",
        (ColumnType::String, D::PostgreSql | D::Sqlite) => "TEXT",
        (ColumnType::String, D::Databricks) => "STRING",
        (ColumnType::String, D::MySql) => "CHAR",
        (ColumnType::Integer, D::DuckDb | D::PostgreSql | D::Databricks) => "BIGINT",
        (ColumnType::Integer, D::Snowflake) => "NUMBER(38, 0)",
        (ColumnType::Integer | ColumnType::Boolean, D::MySql) => "SIGNED",
        (ColumnType::Integer | ColumnType::Boolean, D::Sqlite) => "INTEGER",
        (ColumnType::Number, D::PostgreSql) => "DOUBLE PRECISION",
        (ColumnType::Number, D::Sqlite) => "REAL",
        (ColumnType::Number, _) => "DOUBLE",
        (ColumnType::Boolean, _) => "BOOLEAN",
        (ColumnType::Date | ColumnType::Timestamp, D::Sqlite) => "TEXT",
        (ColumnType::Date, _) => "DATE",
        (ColumnType::Timestamp, D::MySql) => "DATETIME",
        (ColumnType::Timestamp, _) => "TIMESTAMP",
        (ColumnType::Json, D::PostgreSql) => "JSONB",
        (ColumnType::Json, D::Snowflake) => "VARIANT",
        (ColumnType::Json, D::Databricks) => "STRING",
        (ColumnType::Json, D::Sqlite) => "TEXT",
        (ColumnType::Json, D::DuckDb | D::MySql) => "JSON",
    }
}

fn as_text(raw: &str, dialect: SqlDialect) -> String {
    format!("CAST({raw} AS {})", type_name(ColumnType::String, dialect))
}

/// Salted SHA-256 in hex. SQLite has none.
fn hash(raw: &str, salt: &str, dialect: SqlDialect) -> Option<String> {
    let salt = text(salt, dialect);
    let value = as_text(raw, dialect);
    Some(match dialect {
        D::DuckDb => format!("sha256({salt} || {value})"),
        D::PostgreSql => format!("encode(sha256(convert_to({salt} || {value}, 'UTF8')), 'hex')"),
        D::Snowflake => format!("SHA2({salt} || {value}, 256)"),
        D::Databricks | D::MySql => format!("sha2(concat({salt}, {value}), 256)"),
        D::Sqlite => return None,
    })
}

/// `ab***yz`: three stars whatever is left out, so that the length does not show. A value that is no longer than what would be
/// kept is left out whole.
fn partial(raw: &str, first: u32, last: u32, dialect: SqlDialect) -> String {
    let value = as_text(raw, dialect);
    let length = match dialect {
        D::MySql => "char_length",
        _ => "length",
    };
    let left = match dialect {
        D::Sqlite => format!("substr({value}, 1, {first})"),
        _ => format!("left({value}, {first})"),
    };
    let right = match dialect {
        D::Sqlite => format!("substr({value}, -{last})"),
        _ => format!("right({value}, {last})"),
    };
    let kept: Vec<String> = [(first > 0).then_some(left), Some("'***'".into()), (last > 0).then_some(right)]
        .into_iter()
        .flatten()
        .collect();
    let kept = match (dialect, kept.as_slice()) {
        (_, [stars]) => stars.clone(),
        (D::MySql | D::Databricks, parts) => format!("concat({})", parts.join(", ")),
        (_, parts) => parts.join(" || "),
    };
    let limit = first + last;
    format!("CASE WHEN {raw} IS NULL THEN NULL WHEN {length}({value}) > {limit} THEN {kept} ELSE '***' END")
}

/// The largest multiple of `size` that is not above the value.
fn floor(raw: &str, size: &str, kind: ColumnType, dialect: SqlDialect) -> (String, ColumnType) {
    let whole = kind == ColumnType::Integer && size.bytes().all(|byte| byte.is_ascii_digit());
    let of = |value: String| format!("floor({value} / {size}) * {size}");
    match dialect {
        // As a double no value is out of range; TRY_CAST brings back an integer or nothing.
        D::DuckDb if whole => (
            format!("TRY_CAST({} AS BIGINT)", of(format!("CAST({raw} AS DOUBLE)"))),
            ColumnType::Integer,
        ),
        D::DuckDb | D::Databricks => (of(format!("CAST({raw} AS DOUBLE)")), ColumnType::Number),
        D::PostgreSql => (of(format!("CAST({raw} AS NUMERIC)")), ColumnType::Number),
        D::Snowflake | D::MySql => (of(raw.into()), ColumnType::Number),
        // Not every SQLite has floor(): a cast cuts towards zero.
        D::Sqlite => {
            let share = format!("({raw} * 1.0 / {size})");
            let cut = format!("CAST({share} AS INTEGER)");
            (format!("({cut} - ({share} < {cut})) * {size}"), ColumnType::Number)
        }
    }
}

/// The start of the day, week (Monday), month, quarter or year.
fn start(raw: &str, unit: Unit, kind: ColumnType, dialect: SqlDialect) -> String {
    let whole = match dialect {
        D::MySql => mysql_start(raw, unit),
        D::Sqlite => return sqlite_start(raw, unit),
        _ => format!("date_trunc('{}', {raw})", unit.name()),
    };
    match kind {
        ColumnType::Date => format!("CAST({whole} AS DATE)"),
        _ => whole,
    }
}

fn mysql_start(raw: &str, unit: Unit) -> String {
    match unit {
        Unit::Day => format!("CAST({raw} AS DATE)"),
        Unit::Week => format!("date_sub(CAST({raw} AS DATE), INTERVAL weekday({raw}) DAY)"),
        Unit::Month => format!("date_sub(CAST({raw} AS DATE), INTERVAL dayofmonth({raw}) - 1 DAY)"),
        Unit::Quarter => format!("date_add(makedate(year({raw}), 1), INTERVAL quarter({raw}) - 1 QUARTER)"),
        Unit::Year => format!("makedate(year({raw}), 1)"),
    }
}

fn sqlite_start(raw: &str, unit: Unit) -> String {
    match unit {
        Unit::Day => format!("date({raw})"),
        Unit::Week => format!("date({raw}, 'weekday 0', '-6 days')"),
        Unit::Month => format!("date({raw}, 'start of month')"),
        Unit::Quarter => format!("date({raw}, 'start of month', '-' || ((strftime('%m', {raw}) - 1) % 3) || ' months')"),
        Unit::Year => format!("date({raw}, 'start of year')"),
    }
}

fn constant(value: &Literal, kind: ColumnType, dialect: SqlDialect) -> (String, ColumnType) {
    let as_string = |shown: &str| {
        let sql = format!("CAST({} AS {})", text(shown, dialect), type_name(ColumnType::String, dialect));
        (sql, ColumnType::String)
    };
    match value {
        Literal::Text(shown) => as_string(shown),
        Literal::Number(shown) if kind == ColumnType::String => as_string(shown),
        Literal::Boolean(shown) if kind == ColumnType::String => as_string(if *shown { "true" } else { "false" }),
        Literal::Number(shown) => {
            let whole = shown.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
            let kind = if whole { ColumnType::Integer } else { ColumnType::Number };
            (literal(value, dialect), kind)
        }
        Literal::Boolean(_) => (literal(value, dialect), ColumnType::Boolean),
    }
}
