//! The functions that may be called: a sorted text file a dialect, one name a line, beside those common to all.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::dialect::SqlDialect;

type Names = HashSet<&'static str>;

fn names(texts: &[&'static str]) -> Names {
    texts
        .iter()
        .flat_map(|text| text.lines())
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect()
}

const COMMON: &str = include_str!("functions/common.txt");

macro_rules! dialect_names {
    ($file:literal) => {
        LazyLock::new(|| names(&[COMMON, include_str!($file)]))
    };
}

static DUCKDB: LazyLock<Names> = dialect_names!("functions/duckdb.txt");
static POSTGRESQL: LazyLock<Names> = dialect_names!("functions/postgresql.txt");
static SNOWFLAKE: LazyLock<Names> = dialect_names!("functions/snowflake.txt");
static DATABRICKS: LazyLock<Names> = dialect_names!("functions/databricks.txt");
static MYSQL: LazyLock<Names> = dialect_names!("functions/mysql.txt");
static SQLITE: LazyLock<Names> = dialect_names!("functions/sqlite.txt");

fn list(dialect: SqlDialect) -> &'static Names {
    match dialect {
        SqlDialect::DuckDb => &DUCKDB,
        SqlDialect::PostgreSql => &POSTGRESQL,
        SqlDialect::Snowflake => &SNOWFLAKE,
        SqlDialect::Databricks => &DATABRICKS,
        SqlDialect::MySql => &MYSQL,
        SqlDialect::Sqlite => &SQLITE,
    }
}

pub fn is_allowed(name: &str, dialect: SqlDialect) -> bool {
    list(dialect).contains(name)
}

#[cfg(test)]
pub fn allowed(dialect: SqlDialect) -> impl Iterator<Item = &'static str> {
    list(dialect).iter().copied()
}

/// Functions in FROM that make rows out of their arguments alone.
pub fn row_functions(dialect: SqlDialect) -> &'static [&'static str] {
    match dialect {
        SqlDialect::DuckDb => &["generate_series", "range", "unnest", "json_each", "json_tree"],
        SqlDialect::PostgreSql => &[
            "generate_series",
            "unnest",
            "generate_subscripts",
            "json_array_elements",
            "json_array_elements_text",
            "json_each",
            "json_each_text",
            "json_object_keys",
            "jsonb_array_elements",
            "jsonb_array_elements_text",
            "jsonb_each",
            "jsonb_each_text",
            "jsonb_object_keys",
            "jsonb_path_query",
            "regexp_matches",
            "regexp_split_to_table",
            "string_to_table",
        ],
        SqlDialect::Snowflake => &["flatten", "generator", "split_to_table", "strtok_split_to_table"],
        SqlDialect::Databricks => &[
            "explode",
            "explode_outer",
            "inline",
            "inline_outer",
            "posexplode",
            "posexplode_outer",
            "range",
            "stack",
        ],
        SqlDialect::MySql => &[],
        SqlDialect::Sqlite => &["generate_series", "json_each", "json_tree"],
    }
}

pub fn makes_rows(name: &str, dialect: SqlDialect) -> bool {
    row_functions(dialect).contains(&name)
}

/// Most letters that may differ in a name that was probably meant.
const MAX_SLIPS: usize = 2;

/// The allowed function whose name is nearest, when it is near.
pub fn nearest(name: &str, dialect: SqlDialect) -> Option<&'static str> {
    let slips = MAX_SLIPS.min(name.len() / 3);
    list(dialect)
        .iter()
        .filter(|known| known.len().abs_diff(name.len()) <= slips)
        .map(|known| (distance(name, known), *known))
        .filter(|(distance, _)| *distance <= slips)
        .min()
        .map(|(_, known)| known)
}

/// Levenshtein's, by Wagner and Fischer (1974) with one row.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(x != *y)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_list_has_a_function_that_reaches_out() {
        let reaching = [
            "read_csv",
            "read_csv_auto",
            "read_parquet",
            "parquet_scan",
            "read_json",
            "read_json_auto",
            "read_text",
            "read_blob",
            "glob",
            "getenv",
            "current_setting",
            "set_config",
            "query",
            "query_table",
            "nextval",
            "currval",
            "setval",
            "pg_read_file",
            "pg_ls_dir",
            "pg_sleep",
            "dblink",
            "lo_import",
            "load_file",
            "sleep",
            "benchmark",
            "system$typeof",
            "ai_query",
            "result_scan",
            "identifier",
            "duckdb_settings",
            "duckdb_tables",
            "pragma_table_info",
            "parquet_metadata",
            "sniff_csv",
            "which_secret",
            "load_extension",
            "readfile",
            "writefile",
            "java_method",
            "reflect",
            "try_reflect",
            "http_request",
            "get_ddl",
            "version",
            "user",
            "current_user",
            "query_to_xml",
            "database_to_xml",
            "xmltable",
            "pg_terminate_backend",
            "pg_advisory_lock",
            "txid_current",
            "random_bytes",
            "json_execute_serialized_sql",
            "sql_auto_complete",
            "add_parquet_key",
            "write_log",
            "force_checkpoint",
            "checkpoint",
        ];
        for dialect in SqlDialect::ALL {
            for name in reaching {
                assert!(!is_allowed(name, dialect), "{name} in {}", dialect.name());
            }
        }
    }

    #[test]
    fn no_function_of_duckdb_recurses_over_a_text() {
        // Brackets in a row, a hundred thousand, end the process: found by trying on DuckDB 1.5.
        for name in [
            "from_json",
            "from_json_strict",
            "ilike_escape",
            "json_contains",
            "json_group_structure",
            "json_merge_patch",
            "json_structure",
            "json_transform",
            "json_transform_strict",
            "like_escape",
            "not_ilike_escape",
            "not_like_escape",
        ] {
            assert!(!is_allowed(name, SqlDialect::DuckDb), "{name}");
        }
    }

    #[test]
    fn the_lists_are_sorted_lower_case_and_without_doubles() {
        let files = [
            COMMON,
            include_str!("functions/duckdb.txt"),
            include_str!("functions/postgresql.txt"),
            include_str!("functions/snowflake.txt"),
            include_str!("functions/databricks.txt"),
            include_str!("functions/mysql.txt"),
            include_str!("functions/sqlite.txt"),
        ];
        for (i, text) in files.into_iter().enumerate() {
            let lines: Vec<_> = text.lines().collect();
            for pair in lines.windows(2) {
                assert!(pair[0] < pair[1], "file {i}: {} before {}", pair[0], pair[1]);
            }
            assert!(lines.iter().all(|line| line.to_lowercase() == **line && !line.is_empty()));
            if i > 0 {
                let common: HashSet<_> = COMMON.lines().collect();
                assert!(lines.iter().all(|line| !common.contains(line)), "file {i} repeats a common name");
            }
        }
    }
}
