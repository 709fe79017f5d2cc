//! What the resolver must know about functions and words.

use crate::sql::dialect::SqlDialect;

/// Aggregates, as far as GROUP BY ALL must tell them from other functions. One that is missing here makes the query's
/// lineage wider, never wrong.
const AGGREGATES: [&str; 68] = [
    "any_value",
    "approx_count_distinct",
    "approx_percentile",
    "approx_quantile",
    "approx_top_k",
    "arbitrary",
    "arg_max",
    "arg_min",
    "array_agg",
    "avg",
    "bit_and",
    "bit_or",
    "bit_xor",
    "bitand_agg",
    "bool_and",
    "bool_or",
    "booland_agg",
    "boolor_agg",
    "collect_list",
    "collect_set",
    "corr",
    "count",
    "count_if",
    "count_star",
    "covar_pop",
    "covar_samp",
    "entropy",
    "every",
    "first",
    "first_value",
    "geometric_mean",
    "group_concat",
    "histogram",
    "hll",
    "json_agg",
    "json_group_array",
    "json_object_agg",
    "jsonb_agg",
    "jsonb_object_agg",
    "kurtosis",
    "last",
    "list",
    "listagg",
    "mad",
    "max",
    "max_by",
    "mean",
    "median",
    "min",
    "min_by",
    "mode",
    "object_agg",
    "percentile",
    "percentile_approx",
    "percentile_cont",
    "percentile_disc",
    "product",
    "quantile",
    "quantile_cont",
    "quantile_disc",
    "skewness",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "string_agg",
    "sum",
    "var_pop",
    "variance",
];

pub fn is_aggregate(function: &str) -> bool {
    AGGREGATES.binary_search(&function).is_ok()
}

/// Functions that make several rows of one where they stand in a SELECT list: their arguments decide about the rows.
const ROW_MAKERS: [&str; 24] = [
    "explode",
    "explode_outer",
    "flatten",
    "generate_series",
    "generate_subscripts",
    "inline",
    "inline_outer",
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
    "posexplode",
    "posexplode_outer",
    "regexp_matches",
    "regexp_split_to_table",
    "stack",
    "string_to_table",
    "unnest",
];

pub fn makes_rows(function: &str) -> bool {
    ROW_MAKERS.binary_search(&function).is_ok()
}

/// Functions whose argument at this place is the unit of a date, written without quotes.
pub fn takes_unit_at(function: &str, place: usize, dialect: SqlDialect) -> bool {
    if !matches!(dialect, SqlDialect::Snowflake | SqlDialect::Databricks | SqlDialect::MySql) {
        return false;
    }
    match function {
        "dateadd" | "date_add" | "datediff" | "date_diff" | "timeadd" | "timediff" | "timestampadd" | "timestampdiff" | "date_trunc"
        | "date_part" | "datepart" => place == 0,
        "last_day" | "next_day" | "previous_day" | "trunc" => place == 1,
        "time_slice" => place == 2,
        _ => false,
    }
}

const UNITS: [&str; 42] = [
    "century",
    "d",
    "day",
    "dayofweek",
    "dayofyear",
    "days",
    "dd",
    "decade",
    "dow",
    "doy",
    "epoch",
    "epoch_second",
    "h",
    "hh",
    "hour",
    "hours",
    "isodow",
    "m",
    "mi",
    "microsecond",
    "millisecond",
    "minute",
    "minutes",
    "mm",
    "mon",
    "month",
    "months",
    "ms",
    "nanosecond",
    "q",
    "quarter",
    "quarters",
    "s",
    "second",
    "seconds",
    "week",
    "weekday",
    "weeks",
    "y",
    "year",
    "years",
    "yyyy",
];

pub fn is_unit(word: &str) -> bool {
    UNITS.binary_search(&word).is_ok()
}

/// Words that stand like columns and are none: they do not depend on the values of a table.
pub fn is_pseudo_column(word: &str, dialect: SqlDialect) -> bool {
    match word {
        "current_date" | "current_time" | "current_timestamp" | "localtime" | "localtimestamp" | "sysdate" => true,
        "rowid" => matches!(dialect, SqlDialect::DuckDb | SqlDialect::Sqlite),
        "_rowid_" | "oid" => dialect == SqlDialect::Sqlite,
        "ctid" | "tableoid" | "xmin" | "xmax" => dialect == SqlDialect::PostgreSql,
        "level" => dialect == SqlDialect::Snowflake,
        _ => false,
    }
}

/// The struct that grouping by spans of time leaves in Spark.
pub fn is_window(word: &str, dialect: SqlDialect) -> bool {
    dialect == SqlDialect::Databricks && (word.eq_ignore_ascii_case("window") || word.eq_ignore_ascii_case("session_window"))
}

/// The columns of a function in FROM, where they are known without running it.
pub fn columns_of(function: &str, dialect: SqlDialect) -> Option<&'static [&'static str]> {
    Some(match function {
        "flatten" => &["SEQ", "KEY", "PATH", "INDEX", "VALUE", "THIS"],
        "split_to_table" | "strtok_split_to_table" => &["SEQ", "INDEX", "VALUE"],
        "generator" => &[],
        "explode" | "explode_outer" => &["col"],
        "posexplode" | "posexplode_outer" => &["pos", "col"],
        "range" if dialect == SqlDialect::Databricks => &["id"],
        "range" => &["range"],
        "generate_series" if dialect == SqlDialect::Sqlite => &["value"],
        "generate_series" => &["generate_series"],
        "generate_subscripts" => &["generate_subscripts"],
        "unnest" => &["unnest"],
        "json_each" | "json_tree" if matches!(dialect, SqlDialect::DuckDb | SqlDialect::Sqlite) => {
            &["key", "value", "type", "atom", "id", "parent", "fullkey", "path"]
        }
        "json_each" | "jsonb_each" | "json_each_text" | "jsonb_each_text" => &["key", "value"],
        "json_array_elements" | "json_array_elements_text" | "jsonb_array_elements" | "jsonb_array_elements_text" => &["value"],
        "regexp_split_to_table" => &["regexp_split_to_table"],
        "string_to_table" => &["string_to_table"],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_in_order() {
        assert!(AGGREGATES.is_sorted() && ROW_MAKERS.is_sorted() && UNITS.is_sorted());
    }
}
