//! What to write instead of a function that is not allowed.

use super::dialect::SqlDialect;
use super::functions;
use super::refusal::{Code, Refusal};

/// Why some functions are not allowed, and what stands for them. A name that ends in `*` is a beginning.
const REASONS: [(&[&str], &str); 9] = [
    (
        &[
            "rand", "randn", "random", "random_*", "setseed", "randstr", "uniform", "normal", "zipf", "shuffle",
        ],
        "gives another answer each time, so it may not be checked. Take a sample with a seed (TABLESAMPLE … REPEATABLE (42)) or a condition on a hash of a key.",
    ),
    (
        &[
            "uuid",
            "uuid_string",
            "uuid_short",
            "gen_random_uuid",
            "uuidv4",
            "uuidv7",
            "newid",
            "generate_uuid",
        ],
        "gives another answer each time, so it may not be checked. Write row_number() OVER (ORDER BY …) or a hash of a key.",
    ),
    (
        &["nextval", "currval", "lastval", "setval", "getnextval", "last_insert_id"],
        "reads or moves a sequence. Write row_number() OVER (ORDER BY …) to number rows.",
    ),
    (
        &[
            "read_*",
            "parquet_*",
            "glob",
            "sniff_*",
            "pg_read_*",
            "pg_ls_*",
            "pg_stat_file",
            "lo_*",
            "load_file",
            "infer_schema",
            "cloud_files",
            "list_files",
            "get_presigned_url",
            "build_*_file_url",
            "st_read*",
            "sqlite_scan",
            "csv_*",
            "readfile",
        ],
        "reads files. Name a table with the data.",
    ),
    (
        &[
            "dblink*",
            "http*",
            "postgres_*",
            "mysql_*",
            "remote_query",
            "ai_*",
            "query",
            "query_to_*",
            "query_table",
            "table_to_*",
            "database_to_*",
            "schema_to_*",
            "cursor_to_*",
            "json_execute_*",
            "reflect",
            "try_reflect",
            "java_method",
            "xp_*",
            "sys_e*",
            "system$*",
            "extractvalue",
            "updatexml",
        ],
        "reaches out of the query. Write the query over tables itself.",
    ),
    (
        &[
            "getenv",
            "current_*",
            "session_user",
            "session_id",
            "session_context",
            "set_config",
            "version",
            "user",
            "database",
            "schema",
            "connection_id",
            "pg_*",
            "duckdb_*",
            "pragma_*",
            "which_secret",
            "secret",
            "try_secret",
            "list_secrets",
            "inet_server_*",
            "inet_client_*",
            "has_*_privilege",
            "is_*_member",
            "last_query_id",
            "result_scan",
            "get_ddl",
            "input_file_*",
            "txid_*",
            "to_reg*",
            "invoker_*",
            "system_user",
            "row_count",
            "found_rows",
            "is_role_*",
        ],
        "tells about the system or the session, not about the data. Leave it out.",
    ),
    (
        &[
            "sleep",
            "benchmark",
            "pg_sleep*",
            "get_lock",
            "release_lock",
            "master_pos_wait",
            "assert_true",
            "raise_error",
            "error",
        ],
        "waits, locks or fails on purpose. Leave it out.",
    ),
    (&["identifier"], "names a table or a column by a value. Write the name itself."),
    (
        &["xmlparse", "xmlelement", "xmlforest", "xmltable", "xpath*", "ts_stat"],
        "reads other formats than the data's. Write JSON or text functions.",
    ),
];

/// Names that another system has, with the one that is allowed here.
const ELSEWHERE: [(&str, &[(SqlDialect, &str)]); 14] = {
    use SqlDialect::{Databricks, DuckDb, MySql, PostgreSql, Snowflake};
    [
        (
            "date_format",
            &[(DuckDb, "strftime"), (PostgreSql, "to_char"), (Snowflake, "to_char")],
        ),
        (
            "strftime",
            &[
                (PostgreSql, "to_char"),
                (Snowflake, "to_char"),
                (Databricks, "date_format"),
                (MySql, "date_format"),
            ],
        ),
        ("to_char", &[(DuckDb, "strftime"), (MySql, "date_format")]),
        ("datediff", &[(PostgreSql, "the difference a - b of two dates")]),
        (
            "date_diff",
            &[
                (PostgreSql, "the difference a - b of two dates"),
                (Snowflake, "datediff"),
                (MySql, "timestampdiff"),
            ],
        ),
        (
            "dateadd",
            &[
                (DuckDb, "date + INTERVAL 1 DAY"),
                (PostgreSql, "date + INTERVAL '1 day'"),
                (MySql, "date_add"),
            ],
        ),
        ("ifnull", &[(PostgreSql, "coalesce")]),
        ("nvl", &[(DuckDb, "coalesce"), (PostgreSql, "coalesce"), (MySql, "coalesce")]),
        (
            "iff",
            &[
                (DuckDb, "if"),
                (PostgreSql, "CASE WHEN … THEN … ELSE … END"),
                (Databricks, "if"),
                (MySql, "if"),
            ],
        ),
        ("if", &[(PostgreSql, "CASE WHEN … THEN … ELSE … END"), (Snowflake, "iff")]),
        (
            "group_concat",
            &[(PostgreSql, "string_agg"), (Snowflake, "listagg"), (Databricks, "listagg")],
        ),
        (
            "string_agg",
            &[(Snowflake, "listagg"), (Databricks, "listagg"), (MySql, "group_concat")],
        ),
        ("listagg", &[(PostgreSql, "string_agg"), (MySql, "group_concat")]),
        ("try_cast", &[(PostgreSql, "CAST(… AS …)"), (MySql, "CAST(… AS …)")]),
    ]
};

pub fn of_function(shown: &str, name: &str, dialect: SqlDialect) -> Refusal {
    let own = last_part(shown, name);
    let sentence = match reason(&own) {
        Some(reason) => format!("{shown} {reason}"),
        None => {
            let hint = match elsewhere(&own, dialect).or_else(|| functions::nearest(&own, dialect)) {
                Some(known) => format!("Write {known} if that is what is meant."),
                None => "Write it with the functions of this system that only compute a value.".to_string(),
            };
            format!("The function {shown} is not on the list of allowed ones. {hint}")
        }
    };
    Refusal::new(Code::FunctionNotAllowed, sentence, shown)
}

pub fn of_table_function(shown: &str, name: &str, dialect: SqlDialect) -> Refusal {
    let own = last_part(shown, name);
    let sentence = match reason(&own) {
        Some(reason) => format!("{shown} {reason}"),
        None => {
            let known = functions::row_functions(dialect).join(", ");
            match known.is_empty() {
                true => format!("The table function {shown} is not allowed. Name a table."),
                false => format!("The table function {shown} is not on the list of allowed ones. Name a table, or write one of {known}."),
            }
        }
    };
    Refusal::new(Code::FunctionNotAllowed, sentence, shown)
}

/// The name without what stands before its last dot.
fn last_part(shown: &str, name: &str) -> String {
    match name {
        "" => shown.rsplit('.').next().unwrap_or_default().trim_matches(['"', '`']).to_lowercase(),
        _ => name.to_string(),
    }
}

fn reason(name: &str) -> Option<&'static str> {
    REASONS
        .iter()
        .find(|(names, _)| names.iter().any(|pattern| matches(name, pattern)))
        .map(|(_, reason)| *reason)
}

fn matches(name: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end),
        None => name == pattern,
    }
}

fn elsewhere(name: &str, dialect: SqlDialect) -> Option<&'static str> {
    let (_, known) = ELSEWHERE.iter().find(|(other, _)| *other == name)?;
    known.iter().find(|(here, _)| *here == dialect).map(|(_, known)| *known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_instead_is_allowed() {
        for (_, known) in ELSEWHERE {
            for (dialect, instead) in known {
                let plain = instead.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
                assert!(
                    !plain || functions::is_allowed(instead, *dialect),
                    "{instead} in {}",
                    dialect.name()
                );
            }
        }
    }

    #[test]
    fn a_reason_belongs_to_no_allowed_function() {
        for dialect in SqlDialect::ALL {
            for name in functions::allowed(dialect) {
                let told = reason(name).is_some() && !["current_date", "current_timestamp", "current_time"].contains(&name);
                assert!(!told || name.starts_with("current_local"), "{name} in {}", dialect.name());
            }
        }
    }
}
