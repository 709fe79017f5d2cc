//! The dialects that are read.

use sqlparser::dialect::{DatabricksDialect, Dialect, DuckDbDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect, SnowflakeDialect};

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
            SqlDialect::DuckDb => &DuckDbDialect {},
            SqlDialect::PostgreSql => &PostgreSqlDialect {},
            SqlDialect::Snowflake => &SnowflakeDialect {},
            SqlDialect::Databricks => &DatabricksDialect {},
            SqlDialect::MySql => &MySqlDialect {},
            SqlDialect::Sqlite => &SQLiteDialect {},
        }
    }
}
