//! Column lineage for Node.

use napi::bindgen_prelude::*;
use napi_derive::napi;
use plumbline_core::sql::SqlDialect;
use plumbline_core::sql::lineage::{self, Lineage, Schema, SchemaTable};

#[napi(object)]
pub struct LineageTable {
    /// What the result calls it.
    pub name: String,
    /// Catalog and schema where they are known, then the name.
    pub path: Vec<String>,
    pub columns: Vec<String>,
}

#[napi(object)]
pub struct LineageRef {
    pub table: String,
    pub column: String,
}

#[napi(object)]
pub struct LineageColumn {
    pub column: String,
    pub from: Vec<LineageRef>,
    pub exact: bool,
}

#[napi(object)]
pub struct LineageUsed {
    pub name: String,
    pub columns: Vec<String>,
}

#[napi(object)]
pub struct LineageUnknown {
    pub name: String,
    pub nearest: Option<String>,
    pub within: Option<String>,
}

#[napi(object)]
pub struct LineageResult {
    pub columns: Vec<LineageColumn>,
    pub influences: Vec<LineageRef>,
    pub tables: Vec<LineageUsed>,
    pub unknown: Vec<LineageUnknown>,
    pub exact: bool,
}

/// Read when `lineage` is there, refused when `code` is.
#[napi(object)]
pub struct LineageVerdict {
    pub lineage: Option<LineageResult>,
    pub code: Option<String>,
    pub reason: Option<String>,
    pub part: Option<String>,
}

#[napi(catch_unwind)]
pub fn sql_lineage(text: String, dialect: String, tables: Vec<LineageTable>) -> Result<LineageVerdict> {
    let dialect =
        SqlDialect::from_name(&dialect).ok_or_else(|| Error::from_reason(format!("OPTION_INVALID|There is no dialect {dialect}.")))?;
    let tables = tables
        .iter()
        .map(|table| SchemaTable::new(&table.name, &table.path, &table.columns));
    Ok(match lineage::of_text(&text, &Schema::new(tables.collect()), dialect) {
        Ok(found) => LineageVerdict {
            lineage: Some(found.into()),
            code: None,
            reason: None,
            part: None,
        },
        Err(refusal) => LineageVerdict {
            lineage: None,
            code: Some(refusal.code.as_str().into()),
            reason: Some(refusal.reason),
            part: Some(refusal.part),
        },
    })
}

impl From<Lineage> for LineageResult {
    fn from(found: Lineage) -> Self {
        LineageResult {
            columns: found
                .columns
                .into_iter()
                .map(|column| LineageColumn {
                    column: column.column.to_string(),
                    from: column.from.into_iter().map(reference).collect(),
                    exact: column.exact,
                })
                .collect(),
            influences: found.influences.into_iter().map(reference).collect(),
            tables: found
                .tables
                .into_iter()
                .map(|table| LineageUsed {
                    name: table.name.to_string(),
                    columns: table.columns.iter().map(|column| column.to_string()).collect(),
                })
                .collect(),
            unknown: found
                .unknown
                .into_iter()
                .map(|unknown| LineageUnknown {
                    name: unknown.name,
                    nearest: unknown.nearest,
                    within: unknown.within,
                })
                .collect(),
            exact: found.exact,
        }
    }
}

fn reference(of: lineage::ColumnRef) -> LineageRef {
    LineageRef {
        table: of.table.to_string(),
        column: of.column.to_string(),
    }
}
