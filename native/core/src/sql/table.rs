//! What may stand in FROM.

use sqlparser::ast::{
    FunctionArg, Ident, Join, JoinConstraint, JoinOperator, ObjectName, TableAlias, TableFactor, TableFunctionArgs, TableWithJoins,
};

use super::dialect::SqlDialect;
use super::functions;
use super::refusal::{Code, Refusal};
use super::walk::{Checked, TableRef, Walk, empty, none, parts};

/// Schemas that tell about the system and not about the data.
const SYSTEM_SCHEMAS: [&str; 10] = [
    "account_usage",
    "information_schema",
    "mysql",
    "organization_usage",
    "performance_schema",
    "pg_catalog",
    "pg_toast",
    "reader_account_usage",
    "sys",
    "system",
];
const SYSTEM_PREFIXES: [&str; 5] = ["duckdb_", "pg_", "pragma_", "sqlite_", "svv_"];
/// `parquet.`/path`` reads a file in Spark; the schema is a format.
const FILE_FORMATS: [&str; 9] = ["avro", "binaryfile", "csv", "delta", "iceberg", "json", "orc", "parquet", "text"];

impl Walk {
    pub(super) fn table_with_joins(&mut self, from: &TableWithJoins) -> Checked {
        let TableWithJoins { relation, joins } = from;
        self.table(relation)?;
        self.all(
            joins,
            |walk,
             Join {
                 relation,
                 global,
                 join_operator,
             }| {
                if *global {
                    return Err(Refusal::syntax("A GLOBAL join", relation));
                }
                walk.table(relation)?;
                walk.join(join_operator)
            },
        )
    }

    fn join(&mut self, operator: &JoinOperator) -> Checked {
        use JoinOperator as J;
        match operator {
            J::Join(c)
            | J::Inner(c)
            | J::Left(c)
            | J::LeftOuter(c)
            | J::Right(c)
            | J::RightOuter(c)
            | J::FullOuter(c)
            | J::CrossJoin(c)
            | J::Semi(c)
            | J::LeftSemi(c)
            | J::RightSemi(c)
            | J::Anti(c)
            | J::LeftAnti(c)
            | J::RightAnti(c) => self.constraint(c),
            J::AsOf {
                match_condition,
                constraint,
            } => {
                self.expr(match_condition)?;
                self.constraint(constraint)
            }
            J::CrossApply | J::OuterApply | J::StraightJoin(_) | J::ArrayJoin | J::LeftArrayJoin | J::InnerArrayJoin => {
                Err(Refusal::syntax("This kind of join", &format!("{operator:?}")))
            }
        }
    }

    fn constraint(&mut self, constraint: &JoinConstraint) -> Checked {
        match constraint {
            JoinConstraint::On(condition) => self.expr(condition),
            JoinConstraint::Using(columns) => self.all(columns, |walk, name| {
                for part in parts(name)? {
                    walk.column(part);
                }
                Ok(())
            }),
            JoinConstraint::Natural | JoinConstraint::None => Ok(()),
        }
    }

    fn table(&mut self, factor: &TableFactor) -> Checked {
        self.deeper(|walk| match factor {
            TableFactor::Table {
                name,
                alias,
                args,
                with_hints,
                version,
                with_ordinality: _,
                partitions,
                json_path,
                sample,
                index_hints,
            } => {
                empty(with_hints, "A table hint")?;
                none(version, "Time travel")?;
                empty(partitions, "PARTITION")?;
                none(json_path, "A path into a table")?;
                none(sample, "TABLESAMPLE")?;
                empty(index_hints, "An index hint")?;
                walk.optional_alias(alias)?;
                match args {
                    None => walk.table_name(name),
                    Some(TableFunctionArgs { args, settings }) => {
                        none(settings, "SETTINGS")?;
                        walk.rows_function(name, args)
                    }
                }
            }
            TableFactor::Derived {
                lateral: _,
                subquery,
                alias,
                sample,
            } => {
                none(sample, "TABLESAMPLE")?;
                walk.optional_alias(alias)?;
                walk.query(subquery)
            }
            TableFactor::Function {
                lateral: _,
                name,
                args,
                with_ordinality: _,
                alias,
            } => {
                walk.optional_alias(alias)?;
                walk.rows_function(name, args)
            }
            TableFactor::UNNEST {
                alias,
                array_exprs,
                with_offset,
                with_offset_alias: _,
                with_ordinality: _,
            } => {
                if *with_offset {
                    return Err(Refusal::syntax("UNNEST WITH OFFSET", factor));
                }
                walk.functions.insert("unnest".into());
                walk.optional_alias(alias)?;
                walk.all(array_exprs, Self::expr)
            }
            TableFactor::NestedJoin { table_with_joins, alias } => {
                walk.optional_alias(alias)?;
                walk.table_with_joins(table_with_joins)
            }
            TableFactor::TableFunction { .. }
            | TableFactor::JsonTable { .. }
            | TableFactor::OpenJsonTable { .. }
            | TableFactor::Pivot { .. }
            | TableFactor::Unpivot { .. }
            | TableFactor::UnpivotExpr { .. }
            | TableFactor::MatchRecognize { .. }
            | TableFactor::XmlTable { .. }
            | TableFactor::SemanticView { .. } => Err(Refusal::syntax("This kind of table", factor)),
        })
    }

    fn optional_alias(&mut self, alias: &Option<TableAlias>) -> Checked {
        alias.iter().try_for_each(|alias| self.alias(alias))
    }

    pub(super) fn alias(&mut self, alias: &TableAlias) -> Checked {
        let TableAlias {
            explicit: _,
            name: _,
            columns: _,
            at,
        } = alias;
        none(at, "AT in an alias")
    }

    fn table_name(&mut self, name: &ObjectName) -> Checked {
        let parts = parts(name)?;
        let (own, path) = match parts.as_slice() {
            [own] => (*own, &[][..]),
            [schema, own] => (*own, std::slice::from_ref(schema)),
            [_, _, own] => (*own, &parts[..2]),
            _ => {
                return Err(Refusal::new(
                    Code::TableNotAllowed,
                    "A table has at most a catalog, a schema and a name.",
                    &name.to_string(),
                ));
            }
        };
        for part in &parts {
            plain_name(part, name)?;
        }
        let lower: Vec<String> = parts.iter().map(|part| part.value.to_lowercase()).collect();
        let file = self.dialect == SqlDialect::Databricks && path.len() == 1 && FILE_FORMATS.contains(&lower[0].as_str());
        if file {
            return Err(Refusal::new(
                Code::TableNotAllowed,
                "Files may not be read here.",
                &name.to_string(),
            ));
        }
        let qualifiers = &lower[..lower.len() - 1];
        let system = qualifiers.iter().any(|part| SYSTEM_SCHEMAS.contains(&part.as_str()))
            || SYSTEM_PREFIXES
                .iter()
                .any(|prefix| lower.iter().any(|part| part.starts_with(prefix)));
        if system {
            return Err(Refusal::new(
                Code::TableNotAllowed,
                "System tables may not be read here.",
                &name.to_string(),
            ));
        }
        if path.is_empty() && self.scopes.holds(&own.value) {
            return Ok(());
        }
        let table = TableRef {
            catalog: (path.len() == 2).then(|| path[0].value.clone()),
            schema: path.last().map(|schema| schema.value.clone()),
            name: own.value.clone(),
        };
        if !self.tables.contains(&table) {
            self.tables.push(table);
        }
        Ok(())
    }

    fn rows_function(&mut self, name: &ObjectName, args: &[FunctionArg]) -> Checked {
        let lower = match parts(name)?.as_slice() {
            [own] => own.value.to_lowercase(),
            _ => String::new(),
        };
        if !functions::makes_rows(&lower) {
            let reason = format!("The table function {name} is not on the list of allowed ones.");
            return Err(Refusal::new(Code::FunctionNotAllowed, reason, &name.to_string()));
        }
        self.functions.insert(lower);
        self.all(args, Self::function_arg)
    }
}

/// A name that can not be taken for a file, a URL or a stage by any system.
fn plain_name(part: &Ident, name: &ObjectName) -> Checked {
    let suspicious = part.value.is_empty()
        || part.quote_style == Some('\'')
        || part.value.contains(['/', '\\', ':', '*', '?', '@', '~', '$', '%'])
        || part.value.contains('.');
    if suspicious {
        return Err(Refusal::new(
            Code::TableNotAllowed,
            "Files, addresses and stages may not be read here.",
            &name.to_string(),
        ));
    }
    Ok(())
}
