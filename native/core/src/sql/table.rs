//! What may stand in FROM.

use sqlparser::ast::{
    FunctionArg, Ident, Join, JoinConstraint, JoinOperator, ObjectName, TableAlias, TableFactor, TableFunctionArgs, TableWithJoins,
};

use super::dialect::SqlDialect;
use super::functions;
use super::instead;
use super::joins;
use super::refusal::{Code, Refusal};
use super::walk::{Checked, TableRef, Walk, empty, none, parts, unquoted};

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
/// Words before a table that the parser does not know.
const MODIFIERS: [&str; 6] = ["lateral", "live", "only", "rows", "stream", "table"];
/// Formats that Spark takes for the schema of a file.
const FILE_FORMATS: [&str; 15] = [
    "avro",
    "binaryfile",
    "cloudfiles",
    "csv",
    "delta",
    "iceberg",
    "image",
    "jdbc",
    "json",
    "libsvm",
    "orc",
    "parquet",
    "text",
    "tfrecord",
    "xml",
];
/// Endings of the files that DuckDB reads, one by one or packed.
const FILE_ENDINGS: [&str; 22] = [
    "arrow", "arrows", "avro", "bz2", "csv", "db", "duckdb", "feather", "geojson", "gz", "ipc", "json", "jsonl", "ndjson", "parq",
    "parquet", "shp", "sqlite", "tsv", "txt", "xlsx", "zst",
];

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
                // In DuckDB's trees it marks an as-of join, see `asof`.
                if *global && walk.dialect != SqlDialect::DuckDb {
                    return Err(Refusal::instead("A GLOBAL join", "Leave GLOBAL out.", relation));
                }
                walk.table(relation)?;
                walk.join(join_operator)
            },
        )
    }

    fn join(&mut self, operator: &JoinOperator) -> Checked {
        use JoinOperator as J;
        if let Some(constraint) = joins::plain_constraint(operator) {
            return self.constraint(constraint);
        }
        match operator {
            J::AsOf {
                match_condition,
                constraint,
            } => {
                self.expr(match_condition)?;
                self.constraint(constraint)
            }
            // MySQL's inner join that keeps the order of the tables.
            J::StraightJoin(c) if self.dialect == SqlDialect::MySql => self.constraint(c),
            J::StraightJoin(_) => Err(Refusal::instead("STRAIGHT_JOIN", "Write JOIN.", &"STRAIGHT_JOIN")),
            J::CrossApply | J::OuterApply => Err(Refusal::instead("APPLY", "Write CROSS JOIN LATERAL (…).", &"APPLY")),
            J::ArrayJoin | J::LeftArrayJoin | J::InnerArrayJoin => {
                Err(Refusal::instead("ARRAY JOIN", "Write CROSS JOIN UNNEST(…).", &"ARRAY JOIN"))
            }
            _ => Err(Refusal::syntax("This join", &"JOIN")),
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

    pub(super) fn table(&mut self, factor: &TableFactor) -> Checked {
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
                empty(with_hints, "A table hint", "Leave it out.")?;
                empty(partitions, "PARTITION", "Write a condition in WHERE.")?;
                none(json_path, "A path into a table", "Take the path in the column list.")?;
                empty(index_hints, "An index hint", "Leave it out.")?;
                walk.optional_alias(alias)?;
                match args {
                    None => walk.table_name(name, alias.as_ref())?,
                    Some(TableFunctionArgs { args, settings }) => {
                        none(settings, "SETTINGS", "Leave it out.")?;
                        none(version, "Time travel of a function", "Leave it out.")?;
                        walk.rows_function(name, args, alias.as_ref())?;
                    }
                }
                walk.all(version, Self::version)?;
                walk.all(sample, Self::sample)
            }
            TableFactor::Derived {
                lateral: _,
                subquery,
                alias,
                sample,
            } => {
                walk.optional_alias(alias)?;
                walk.query(subquery)?;
                walk.all(sample, Self::sample)
            }
            TableFactor::Function {
                lateral: _,
                name,
                args,
                with_ordinality: _,
                alias,
            } => {
                walk.optional_alias(alias)?;
                walk.rows_function(name, args, alias.as_ref())
            }
            TableFactor::UNNEST {
                alias,
                array_exprs,
                with_offset,
                with_offset_alias: _,
                with_ordinality: _,
            } => {
                if *with_offset {
                    return Err(Refusal::instead("UNNEST WITH OFFSET", "Write WITH ORDINALITY.", factor));
                }
                walk.functions.insert("unnest".into());
                walk.fields.source("unnest", alias.as_ref());
                walk.optional_alias(alias)?;
                walk.all(array_exprs, Self::expr)
            }
            TableFactor::NestedJoin { table_with_joins, alias } => {
                walk.optional_alias(alias)?;
                walk.table_with_joins(table_with_joins)
            }
            TableFactor::TableFunction { expr, alias } => {
                walk.optional_alias(alias)?;
                walk.table_function(expr, alias.as_ref())
            }
            TableFactor::Pivot { .. } => walk.pivot(factor),
            TableFactor::Unpivot { .. } => walk.unpivot(factor),
            TableFactor::MatchRecognize { .. } => walk.match_recognize(factor),
            TableFactor::JsonTable { .. } => walk.json_table(factor),
            TableFactor::OpenJsonTable { .. }
            | TableFactor::UnpivotExpr { .. }
            | TableFactor::XmlTable { .. }
            | TableFactor::SemanticView { .. } => Err(Refusal::syntax("This kind of table", factor)),
        })
    }

    pub(super) fn optional_alias(&mut self, alias: &Option<TableAlias>) -> Checked {
        alias.iter().try_for_each(|alias| self.alias(alias))
    }

    pub(super) fn alias(&mut self, alias: &TableAlias) -> Checked {
        let TableAlias {
            explicit: _,
            name: _,
            columns: _,
            at,
        } = alias;
        none(at, "AT in an alias", "Leave it out.")
    }

    fn table_name(&mut self, name: &ObjectName, alias: Option<&TableAlias>) -> Checked {
        let refuse = |reason: &str| Err(Refusal::new(Code::TableNotAllowed, reason, &name.to_string()));
        let parts = parts(name)?;
        if parts.iter().any(|part| !is_plain(part)) {
            return refuse("Files, addresses and stages may not be read here. Name a table.");
        }
        let [path @ .., own] = parts.as_slice() else {
            return refuse("A table has a name.");
        };
        if path.len() > 2 {
            return refuse("A table has at most a catalog, a schema and a name.");
        }
        // `FROM ONLY t` reads t: the parser takes the word for a table and the table for its alias.
        if own.quote_style.is_none() && path.is_empty() && MODIFIERS.contains(&own.value.to_lowercase().as_str()) {
            return Err(Refusal::instead(&own.value.to_uppercase(), "Write the table's name alone.", name));
        }
        let lower: Vec<String> = parts.iter().map(|part| unquoted(part).to_lowercase()).collect();
        let [qualifiers @ .., own_lower] = lower.as_slice() else {
            return refuse("A table has a name.");
        };
        if self.is_file(qualifiers, own_lower) {
            return refuse("Files may not be read here. Name a table.");
        }
        let of_system = qualifiers.iter().any(|part| self.is_system(part));
        if of_system
            || SYSTEM_PREFIXES
                .iter()
                .any(|prefix| lower.iter().any(|part| part.starts_with(prefix)))
        {
            return refuse("System tables may not be read here. Name a table with data.");
        }
        if path.is_empty() && self.scopes.holds(&self.same_name(own)) {
            return Ok(());
        }
        let table = TableRef {
            catalog: (path.len() == 2).then(|| unquoted(path[0])),
            schema: path.last().map(|schema| unquoted(schema)),
            name: unquoted(own),
            alias: alias.map(|alias| unquoted(&alias.name)),
        };
        if !self.tables.contains(&table) {
            self.tables.push(table);
        }
        Ok(())
    }

    /// Whether the system would look for a file of this name.
    fn is_file(&self, qualifiers: &[String], own: &str) -> bool {
        match self.dialect {
            // `FROM flights.csv` reads the file of that name when there is no such table.
            SqlDialect::DuckDb => !qualifiers.is_empty() && FILE_ENDINGS.contains(&own),
            // `FROM parquet.p` reads the files at `p`.
            SqlDialect::Databricks => qualifiers.iter().any(|part| FILE_FORMATS.contains(&part.as_str())),
            _ => false,
        }
    }

    fn is_system(&self, qualifier: &str) -> bool {
        SYSTEM_SCHEMAS.contains(&qualifier) || (self.dialect == SqlDialect::Snowflake && qualifier == "snowflake")
    }

    pub(super) fn rows_function(&mut self, name: &ObjectName, args: &[FunctionArg], alias: Option<&TableAlias>) -> Checked {
        let lower = match parts(name)?.as_slice() {
            [own] => unquoted(own).to_lowercase(),
            _ => String::new(),
        };
        if parts(name)?.iter().any(|part| part.value.starts_with('@')) {
            let reason = "Stages may not be read here. Name a table.";
            return Err(Refusal::new(Code::TableNotAllowed, reason, &name.to_string()));
        }
        if !functions::makes_rows(&lower, self.dialect) {
            return Err(instead::of_table_function(&name.to_string(), &lower, self.dialect));
        }
        if lower == "generator" {
            self.generator(args)?;
        }
        self.fields.source(&lower, alias);
        self.functions.insert(lower);
        self.all(args, Self::function_arg)
    }
}

/// Whether no system can take the name for a file, an address or a stage.
fn is_plain(part: &Ident) -> bool {
    const MARKS: [char; 10] = ['/', '\\', ':', '*', '?', '@', '~', '$', '%', '.'];
    !part.value.is_empty() && part.quote_style != Some('\'') && !part.value.contains(MARKS)
}
