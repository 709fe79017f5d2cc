//! The dialects that are read.

use sqlparser::dialect::{Dialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect, SnowflakeDialect};

use super::parser;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SqlDialect {
    DuckDb,
    PostgreSql,
    Snowflake,
    Databricks,
    MySql,
    Sqlite,
}

impl SqlDialect {
    pub const ALL: [SqlDialect; 6] = [
        SqlDialect::DuckDb,
        SqlDialect::PostgreSql,
        SqlDialect::Snowflake,
        SqlDialect::Databricks,
        SqlDialect::MySql,
        SqlDialect::Sqlite,
    ];

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            SqlDialect::DuckDb => "duckdb",
            SqlDialect::PostgreSql => "postgresql",
            SqlDialect::Snowflake => "snowflake",
            SqlDialect::Databricks => "databricks",
            SqlDialect::MySql => "mysql",
            SqlDialect::Sqlite => "sqlite",
        }
    }

    pub(super) fn parser(self) -> &'static dyn Dialect {
        match self {
            SqlDialect::DuckDb => &parser::DuckDb,
            SqlDialect::PostgreSql => &PostgreSqlDialect {},
            SqlDialect::Snowflake => &SnowflakeDialect {},
            SqlDialect::Databricks => &parser::Databricks,
            SqlDialect::MySql => &MySqlDialect {},
            SqlDialect::Sqlite => &SQLiteDialect {},
        }
    }

    /// Characters that quote a name in the system itself. The parser knows more of them.
    pub(super) fn quotes(self) -> &'static [char] {
        match self {
            SqlDialect::DuckDb | SqlDialect::PostgreSql | SqlDialect::Snowflake => &['"'],
            SqlDialect::Databricks | SqlDialect::MySql => &['`'],
            SqlDialect::Sqlite => &['"', '`', '['],
        }
    }

    /// Characters that may quote the name of a result column besides those.
    pub(super) fn alias_quotes(self) -> &'static [char] {
        match self {
            SqlDialect::MySql => &['\'', '"'],
            SqlDialect::DuckDb | SqlDialect::Sqlite => &['\''],
            SqlDialect::PostgreSql | SqlDialect::Snowflake | SqlDialect::Databricks => &[],
        }
    }

    /// Two names are one table or CTE when these are equal. Where a system's rule depends on its settings, the stricter one
    /// holds: a name that is wrongly taken for a table is refused, one wrongly taken for a CTE would hide a table.
    pub(super) fn same_name(self, name: &str, quoted: bool) -> String {
        match self {
            SqlDialect::DuckDb | SqlDialect::Sqlite | SqlDialect::Databricks => name.to_ascii_lowercase(),
            SqlDialect::PostgreSql if !quoted => name.to_ascii_lowercase(),
            SqlDialect::Snowflake if !quoted => name.to_ascii_uppercase(),
            SqlDialect::PostgreSql | SqlDialect::Snowflake | SqlDialect::MySql => name.to_string(),
        }
    }
}
