//! What may stand around a table in FROM: an earlier version of it, a sample, its pivots, the patterns in its rows, JSON as rows.

use sqlparser::ast::{
    Expr, ExprWithAlias, Function, FunctionArg, FunctionArgExpr, FunctionArgOperator, FunctionArgumentList, FunctionArguments,
    JsonTableColumn, JsonTableColumnErrorHandling, JsonTableNestedColumn, Measure, PivotValueSource, SymbolDefinition, TableAlias,
    TableFactor, TableSample, TableSampleKind, TableSampleMethod, TableSampleQuantity, TableSampleSeed, TableVersion, Value,
};

use super::dialect::SqlDialect;
use super::refusal::{Code, Refusal};
use super::walk::{Checked, Walk, parts};

/// Rows that a function in FROM may make out of nothing.
const MAX_GENERATED: u64 = 1_000_000;

impl Walk {
    /// `t AT (…)`, `t VERSION AS OF 3`: the table as it was.
    pub(super) fn version(&mut self, version: &TableVersion) -> Checked {
        match (self.dialect, version) {
            (SqlDialect::Databricks, TableVersion::TimestampAsOf(when) | TableVersion::VersionAsOf(when)) => self.expr(when),
            (SqlDialect::Snowflake, TableVersion::Function(when)) => self.moment(when),
            _ => Err(Refusal::instead(
                "This kind of time travel",
                "Write a condition on a column with the time.",
                version,
            )),
        }
    }

    /// `AT (OFFSET => -60)`, `BEFORE (STATEMENT => '…')`
    fn moment(&mut self, when: &Expr) -> Checked {
        if let Expr::Function(function) = when
            && let Some(
                [
                    FunctionArg::Named {
                        name,
                        arg: FunctionArgExpr::Expr(value),
                        operator: FunctionArgOperator::RightArrow,
                    },
                ],
            ) = plain_arguments(function)
        {
            let kind = name.value.to_ascii_uppercase();
            let of_table = matches!(kind.as_str(), "OFFSET" | "TIMESTAMP" | "STATEMENT");
            let word = function.name.to_string().to_ascii_uppercase();
            if of_table && matches!(word.as_str(), "AT" | "BEFORE") {
                return self.expr(value);
            }
        }
        let hint = "Write AT (TIMESTAMP => …), AT (OFFSET => …) or BEFORE (STATEMENT => …).";
        Err(Refusal::instead("This kind of time travel", hint, when))
    }

    /// A sample that is the same each time.
    pub(super) fn sample(&mut self, sample: &TableSampleKind) -> Checked {
        let (TableSampleKind::BeforeTableAlias(kind) | TableSampleKind::AfterTableAlias(kind)) = sample;
        let TableSample {
            modifier: _,
            name,
            quantity,
            seed,
            bucket,
            offset,
        } = kind.as_ref();
        let seeded = match self.dialect {
            SqlDialect::MySql | SqlDialect::Sqlite => {
                let hint = "Write a condition on a hash of a key, such as id % 10 = 0.";
                return Err(Refusal::instead("TABLESAMPLE", hint, kind));
            }
            SqlDialect::DuckDb => "TABLESAMPLE BERNOULLI (10 PERCENT) REPEATABLE (42)",
            SqlDialect::PostgreSql => "TABLESAMPLE BERNOULLI (10) REPEATABLE (42)",
            SqlDialect::Snowflake => "SAMPLE BERNOULLI (10) SEED (42)",
            SqlDialect::Databricks => "TABLESAMPLE (10 PERCENT) REPEATABLE (42)",
        };
        let hint = format!("Write {seeded}.");
        if offset.is_some() {
            return Err(Refusal::instead("OFFSET in a sample", &hint, kind));
        }
        if let Some(TableSampleQuantity {
            parenthesized: _,
            value,
            unit: _,
        }) = quantity
            && !is_number(value)
        {
            return Err(Refusal::instead("A computed sample size", &hint, kind));
        }
        // It would be printed without its parentheses.
        if bucket.is_some() {
            return Err(Refusal::instead("BUCKET", &hint, kind));
        }
        match name {
            None | Some(TableSampleMethod::Bernoulli | TableSampleMethod::System) => {}
            Some(TableSampleMethod::Row | TableSampleMethod::Block) if self.dialect == SqlDialect::Snowflake => {}
            Some(_) => return Err(Refusal::instead("This way of sampling", &hint, kind)),
        }
        match seed {
            Some(TableSampleSeed { modifier: _, value }) => self.value(&value.value),
            None => {
                let reason = format!("A sample without a seed gives other rows each time, so its answer may not be checked. {hint}");
                Err(Refusal::new(Code::SyntaxNotAllowed, reason, &kind.to_string()))
            }
        }
    }

    pub(super) fn pivot(&mut self, factor: &TableFactor) -> Checked {
        let TableFactor::Pivot {
            table,
            aggregate_functions,
            value_column,
            value_source,
            default_on_null,
            alias,
        } = factor
        else {
            return Err(Refusal::syntax("This kind of table", factor));
        };
        self.can_pivot("PIVOT", factor)?;
        self.optional_alias(alias)?;
        self.table(table)?;
        // It groups by every column that it does not name.
        self.columns.insert("*".into());
        self.all(aggregate_functions, |walk, ExprWithAlias { expr, alias: _ }| match expr {
            Expr::Function(_) => walk.expr(expr),
            _ => Err(Refusal::instead("PIVOT without an aggregate", "Write PIVOT (sum(x) FOR …).", expr)),
        })?;
        self.all(value_column, Self::expr)?;
        match value_source {
            PivotValueSource::List(values) => self.all(values, |walk, ExprWithAlias { expr, alias: _ }| walk.expr(expr))?,
            PivotValueSource::Any(order) if self.dialect == SqlDialect::Snowflake => self.all(order, Self::order)?,
            PivotValueSource::Subquery(query) if self.dialect == SqlDialect::Snowflake => self.query(query)?,
            PivotValueSource::Subquery(query) => {
                // What is wrong in there is to be known first.
                self.query(query)?;
                return Err(Refusal::instead("A query in PIVOT", "List the values: IN ('a', 'b').", query));
            }
            PivotValueSource::Any(_) => {
                return Err(Refusal::instead("ANY in PIVOT", "List the values: IN ('a', 'b').", value_source));
            }
        }
        self.all(default_on_null, Self::expr)
    }

    pub(super) fn unpivot(&mut self, factor: &TableFactor) -> Checked {
        let TableFactor::Unpivot {
            table,
            value,
            name: _,
            columns,
            null_inclusion: _,
            alias,
        } = factor
        else {
            return Err(Refusal::syntax("This kind of table", factor));
        };
        self.can_pivot("UNPIVOT", factor)?;
        self.optional_alias(alias)?;
        self.table(table)?;
        self.columns.insert("*".into());
        if !matches!(value, Expr::Identifier(_) | Expr::Tuple(_)) {
            return Err(Refusal::instead(
                "A computed name",
                "Write UNPIVOT (value FOR name IN (a, b)).",
                value,
            ));
        }
        self.all(columns, |walk, ExprWithAlias { expr, alias: _ }| match expr {
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Tuple(_) => walk.expr(expr),
            _ => Err(Refusal::instead(
                "A computed column in UNPIVOT",
                "Compute it in a subquery before it.",
                expr,
            )),
        })
    }

    fn can_pivot(&self, what: &str, factor: &TableFactor) -> Checked {
        match self.dialect {
            SqlDialect::DuckDb | SqlDialect::Snowflake | SqlDialect::Databricks => Ok(()),
            SqlDialect::PostgreSql | SqlDialect::MySql | SqlDialect::Sqlite => {
                let hint = "Write sum(CASE WHEN month = 1 THEN amount END) AS january, a column each.";
                Err(Refusal::instead(what, hint, factor))
            }
        }
    }

    pub(super) fn match_recognize(&mut self, factor: &TableFactor) -> Checked {
        let TableFactor::MatchRecognize {
            table,
            partition_by,
            order_by,
            measures,
            rows_per_match: _,
            after_match_skip: _,
            pattern: _,
            symbols,
            alias,
        } = factor
        else {
            return Err(Refusal::syntax("This kind of table", factor));
        };
        if self.dialect != SqlDialect::Snowflake {
            return Err(Refusal::instead("MATCH_RECOGNIZE", "Compare rows with lag() and lead().", factor));
        }
        self.optional_alias(alias)?;
        self.table(table)?;
        self.columns.insert("*".into());
        self.all(partition_by, Self::expr)?;
        self.all(order_by, Self::order)?;
        self.all(measures, |walk, Measure { expr, alias: _ }| walk.expr(expr))?;
        self.all(symbols, |walk, SymbolDefinition { symbol: _, definition }| walk.expr(definition))
    }

    pub(super) fn json_table(&mut self, factor: &TableFactor) -> Checked {
        let TableFactor::JsonTable {
            json_expr,
            json_path,
            columns,
            alias,
        } = factor
        else {
            return Err(Refusal::syntax("This kind of table", factor));
        };
        if self.dialect != SqlDialect::MySql {
            return Err(Refusal::instead("JSON_TABLE", "Take the JSON functions of this system.", factor));
        }
        self.optional_alias(alias)?;
        self.functions.insert("json_table".into());
        self.value(&json_path.value)?;
        self.expr(json_expr)?;
        self.all(columns, Self::json_column)
    }

    fn json_column(&mut self, column: &JsonTableColumn) -> Checked {
        self.deeper(|walk| match column {
            JsonTableColumn::ForOrdinality(_) => Ok(()),
            JsonTableColumn::Nested(JsonTableNestedColumn { path, columns }) => {
                walk.value(&path.value)?;
                walk.all(columns, Self::json_column)
            }
            JsonTableColumn::Named(column) => {
                walk.data_type(&column.r#type)?;
                walk.value(&column.path.value)?;
                walk.all(
                    [&column.on_empty, &column.on_error].into_iter().flatten(),
                    |walk, otherwise| match otherwise {
                        JsonTableColumnErrorHandling::Null | JsonTableColumnErrorHandling::Error => Ok(()),
                        JsonTableColumnErrorHandling::Default(value) => walk.value(&value.value),
                    },
                )
            }
        })
    }

    /// Snowflake's `TABLE(f(…))`.
    pub(super) fn table_function(&mut self, call: &Expr, alias: Option<&TableAlias>) -> Checked {
        let refuse = |what: &str| {
            let hint = "Name the table itself; of the table functions FLATTEN, SPLIT_TO_TABLE and GENERATOR are allowed.";
            Err(Refusal::new(
                Code::FunctionNotAllowed,
                format!("{what} is not allowed in TABLE(…). {hint}"),
                &call.to_string(),
            ))
        };
        match call {
            Expr::Function(function) if self.dialect == SqlDialect::Snowflake => match plain_arguments(function) {
                Some(args) => self.rows_function(&function.name, args, alias),
                None => refuse("This call"),
            },
            _ => refuse("What is no call of a function"),
        }
    }

    /// `GENERATOR(ROWCOUNT => 31)`, with a number that is bounded.
    pub(super) fn generator(&mut self, args: &[FunctionArg]) -> Checked {
        let rows = match args {
            [
                FunctionArg::Named {
                    name,
                    arg: FunctionArgExpr::Expr(rows),
                    operator: _,
                },
            ] if name.value.eq_ignore_ascii_case("rowcount") => number(rows),
            _ => None,
        };
        match rows {
            Some(rows) if rows <= MAX_GENERATED => Ok(()),
            Some(rows) => {
                let reason = format!("GENERATOR makes {rows} rows; at most {MAX_GENERATED} are allowed. Write a smaller ROWCOUNT.");
                Err(Refusal::new(Code::TooComplex, reason, "GENERATOR"))
            }
            None => Err(Refusal::instead(
                "This call of GENERATOR",
                "Write GENERATOR(ROWCOUNT => 100).",
                &"GENERATOR",
            )),
        }
    }
}

/// The arguments of a call that has nothing else.
fn plain_arguments(function: &Function) -> Option<&[FunctionArg]> {
    match function {
        Function {
            name,
            uses_odbc_syntax: false,
            parameters: FunctionArguments::None,
            args:
                FunctionArguments::List(FunctionArgumentList {
                    duplicate_treatment: None,
                    args,
                    clauses,
                }),
            filter: None,
            null_treatment: None,
            over: None,
            within_group,
        } if clauses.is_empty() && within_group.is_empty() && parts(name).is_ok() => Some(args),
        _ => None,
    }
}

fn is_number(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(value) if matches!(value.value, Value::Number(..)))
}

fn number(expr: &Expr) -> Option<u64> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(text, _) => text.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}
