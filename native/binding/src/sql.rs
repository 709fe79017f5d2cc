//! The guard for Node.

use napi::bindgen_prelude::*;
use napi_derive::napi;
use plumbline_core::sql::{self, SqlDialect};

#[napi(object)]
pub struct SqlTable {
    pub catalog: Option<String>,
    pub schema: Option<String>,
    pub name: String,
    pub alias: Option<String>,
}

/// Allowed when `sql` is there, refused when `code` is.
#[napi(object)]
pub struct SqlVerdict {
    pub sql: Option<String>,
    pub tables: Vec<SqlTable>,
    pub columns: Vec<String>,
    pub functions: Vec<String>,
    pub code: Option<String>,
    pub reason: Option<String>,
    pub part: Option<String>,
}

#[napi(catch_unwind)]
pub fn analyze_sql(text: String, dialect: String, max_rows: Option<f64>) -> Result<SqlVerdict> {
    let dialect =
        SqlDialect::from_name(&dialect).ok_or_else(|| Error::from_reason(format!("OPTION_INVALID|There is no dialect {dialect}.")))?;
    let rows = max_rows.map(|rows| rows as u64);
    Ok(match sql::analyze(&text, dialect, rows) {
        Ok(allowed) => SqlVerdict {
            sql: Some(allowed.sql),
            tables: allowed
                .tables
                .into_iter()
                .map(|table| SqlTable {
                    catalog: table.catalog,
                    schema: table.schema,
                    name: table.name,
                    alias: table.alias,
                })
                .collect(),
            columns: allowed.columns,
            functions: allowed.functions,
            code: None,
            reason: None,
            part: None,
        },
        Err(refusal) => SqlVerdict {
            sql: None,
            tables: vec![],
            columns: vec![],
            functions: vec![],
            code: Some(refusal.code.as_str().into()),
            reason: Some(refusal.reason),
            part: Some(refusal.part),
        },
    })
}
