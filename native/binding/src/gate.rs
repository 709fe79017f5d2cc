//! The gate for Node.

use napi::bindgen_prelude::*;
use napi_derive::napi;
use plumbline_core::sql::SqlDialect;
use plumbline_core::sql::gate::{self, Attribute, Gate, Literal, Mask, Options, Principal, Unit, is_number};

use crate::lineage::LineageResult;

/// `kind` is `string`, `number` or `boolean`; `text` is the value as JavaScript writes it.
#[napi(object)]
pub struct GateLiteral {
    pub kind: String,
    pub text: String,
}

#[napi(object)]
pub struct GateMask {
    pub kind: String,
    pub keep_first: Option<u32>,
    pub keep_last: Option<u32>,
    pub size: Option<String>,
    pub unit: Option<String>,
    pub value: Option<GateLiteral>,
}

#[napi(object)]
pub struct GateColumn {
    pub name: String,
    #[napi(js_name = "type")]
    pub kind: String,
    pub native: Option<String>,
    pub mask: Option<GateMask>,
    pub denied: Option<bool>,
}

#[napi(object)]
pub struct GateFilter {
    pub id: String,
    pub sql: String,
}

#[napi(object)]
pub struct GateTable {
    pub catalog: Option<String>,
    pub schema: Option<String>,
    pub name: String,
    pub columns: Vec<GateColumn>,
    pub filters: Option<Vec<GateFilter>>,
}

/// A fact about the person; `list`: whether it is a list.
#[napi(object)]
pub struct GateFact {
    pub name: String,
    pub list: bool,
    pub values: Vec<GateLiteral>,
}

#[napi(object)]
pub struct GateOptions {
    pub dialect: String,
    pub tables: Option<Vec<GateTable>>,
    pub facts: Vec<GateFact>,
    pub salt: String,
}

#[napi(object)]
pub struct GateUsed {
    pub catalog: Option<String>,
    pub schema: Option<String>,
    pub name: String,
    pub columns: Vec<String>,
}

#[napi(object)]
pub struct GateApplied {
    pub table: String,
    pub filters: Vec<String>,
    pub masked: Vec<String>,
}

/// Allowed when `sql` is there, refused when `code` is.
#[napi(object)]
#[derive(Default)]
pub struct GateVerdict {
    pub sql: Option<String>,
    pub asked: Option<String>,
    pub tables: Vec<GateUsed>,
    pub columns: Vec<String>,
    pub functions: Vec<String>,
    pub applied: Vec<GateApplied>,
    pub lineage: Option<LineageResult>,
    pub code: Option<String>,
    pub reason: Option<String>,
    pub part: Option<String>,
}

#[napi]
pub struct SqlGate {
    gate: Gate,
}

#[napi]
impl SqlGate {
    #[napi(constructor, catch_unwind)]
    pub fn new(options: GateOptions) -> Result<Self> {
        let dialect =
            SqlDialect::from_name(&options.dialect).ok_or_else(|| invalid(format!("There is no dialect {}.", options.dialect)))?;
        let facts = options.facts.into_iter().map(|fact| {
            let mut values = fact.values.into_iter().map(literal).collect::<Result<Vec<_>>>()?;
            let value = match (fact.list, values.pop()) {
                (false, Some(value)) => Attribute::One(value),
                (_, last) => Attribute::List(values.into_iter().chain(last).collect()),
            };
            Ok((fact.name, value))
        });
        let core = Options {
            principal: Principal {
                facts: facts.collect::<Result<_>>()?,
            },
            salt: options.salt,
            tables: options
                .tables
                .map(|tables| tables.into_iter().map(table).collect::<Result<Vec<_>>>())
                .transpose()?,
        };
        match Gate::new(core, dialect) {
            Ok(gate) => Ok(SqlGate { gate }),
            Err(fault) => Err(invalid(fault)),
        }
    }

    #[napi(catch_unwind)]
    pub fn check(&self, text: String, max_rows: Option<f64>) -> GateVerdict {
        match self.gate.check(&text, max_rows.map(|rows| rows as u64)) {
            Ok(verdict) => GateVerdict {
                sql: Some(verdict.sql),
                asked: Some(verdict.asked),
                tables: verdict.tables.into_iter().map(used).collect(),
                columns: verdict.columns,
                functions: verdict.functions,
                applied: verdict.applied.into_iter().map(applied).collect(),
                lineage: Some(verdict.lineage.into()),
                ..GateVerdict::default()
            },
            Err(refusal) => GateVerdict {
                code: Some(refusal.code.as_str().into()),
                reason: Some(refusal.reason),
                part: Some(refusal.part),
                ..GateVerdict::default()
            },
        }
    }
}

fn invalid(reason: String) -> Error {
    Error::from_reason(format!("OPTION_INVALID|{reason}"))
}

fn literal(value: GateLiteral) -> Result<Literal> {
    match value.kind.as_str() {
        "string" => Ok(Literal::Text(value.text)),
        "number" if is_number(&value.text) => Ok(Literal::Number(value.text)),
        "boolean" => Ok(Literal::Boolean(value.text == "true")),
        _ => Err(invalid(format!("{} is no value for SQL.", value.text))),
    }
}

fn table(table: GateTable) -> Result<gate::Table> {
    let filters = table.filters.unwrap_or_default().into_iter();
    Ok(gate::Table {
        catalog: table.catalog,
        schema: table.schema,
        name: table.name,
        columns: table.columns.into_iter().map(column).collect::<Result<_>>()?,
        filters: filters
            .map(|filter| gate::Filter {
                id: filter.id,
                sql: filter.sql,
            })
            .collect(),
    })
}

fn column(column: GateColumn) -> Result<gate::Column> {
    let kind = gate::ColumnType::from_name(&column.kind)
        .ok_or_else(|| invalid(format!("There is no column type {} ({}).", column.kind, column.name)))?;
    let mask = column
        .mask
        .map(|own| mask(own).ok_or_else(|| invalid(format!("The mask of {} is not valid.", column.name))))
        .transpose()?;
    Ok(gate::Column {
        name: column.name,
        kind,
        native: column.native,
        mask,
        denied: column.denied.unwrap_or(false),
    })
}

fn mask(mask: GateMask) -> Option<Mask> {
    Some(match mask.kind.as_str() {
        "null" => Mask::Null,
        "hash" => Mask::Hash,
        "partial" => Mask::Partial {
            first: mask.keep_first.unwrap_or(0),
            last: mask.keep_last.unwrap_or(0),
        },
        "bucket" => match (mask.size, mask.unit) {
            (Some(size), None) if is_number(&size) && size.parse::<f64>().is_ok_and(|size| size > 0.0) => Mask::Size(size),
            (None, Some(unit)) => Mask::Unit(Unit::from_name(&unit)?),
            _ => return None,
        },
        "constant" => Mask::Constant(literal(mask.value?).ok()?),
        _ => return None,
    })
}

fn used(table: gate::Used) -> GateUsed {
    GateUsed {
        catalog: table.catalog,
        schema: table.schema,
        name: table.name,
        columns: table.columns,
    }
}

fn applied(applied: gate::Applied) -> GateApplied {
    GateApplied {
        table: applied.table,
        filters: applied.filters,
        masked: applied.masked,
    }
}
