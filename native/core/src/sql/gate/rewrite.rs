//! Puts the subselect of each governed table where its name stands, in every position a table can have.

use std::collections::HashSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    Cte, Ident, Join, JoinConstraint, JoinOperator, ObjectName, ObjectNamePart, Query, Select, SetExpr, TableAlias, TableFactor,
    TableSampleKind, TableVersion, TableWithJoins, VisitMut, VisitorMut,
};

use super::super::dialect::SqlDialect;
use super::super::joins::plain_constraint;
use super::super::refusal::{Code, Refusal};
use super::super::scope::{Scopes, recurs};
use super::super::walk::{Checked, parts, unquoted};
use super::governed::{Governed, all_of};
use super::literal::name as quoted;
use super::resolve::resolve;
use super::shorten::Shorten;

/// Each use of a governed table prints its policies once more: a query of a few kilobytes must not become one of megabytes.
const MAX_USES: usize = 100;

/// A table where the query reads it.
pub struct Read<'g> {
    pub of: &'g Governed,
    pub catalog: Option<String>,
    pub schema: Option<String>,
    /// The name that the query knows it by.
    pub known_as: String,
    /// Every column is taken, whatever is named: by NATURAL, or under new names.
    pub whole: bool,
}

pub struct Rewrite<'g> {
    tables: &'g [Governed],
    dialect: SqlDialect,
    /// Whether predicates of this query may tell of rows that a filter hides.
    barred: bool,
    scopes: Scopes,
    recursive: Option<String>,
    pub reads: Vec<Read<'g>>,
    /// Names of every common table expression, in lower case.
    ctes: HashSet<String>,
    /// Names that USING takes.
    pub using: Vec<String>,
    /// Names in FROM that were met: as many as the tree has, or one was missed.
    pub met: usize,
    natural: bool,
    /// `schema.table` of tables that stand without an alias: their columns may be qualified so.
    paths: Vec<Vec<Ident>>,
}

impl<'g> Rewrite<'g> {
    pub fn new(tables: &'g [Governed], dialect: SqlDialect, barred: bool) -> Self {
        Rewrite {
            tables,
            dialect,
            barred,
            scopes: Scopes::default(),
            recursive: None,
            reads: Vec::new(),
            ctes: HashSet::new(),
            using: Vec::new(),
            met: 0,
            natural: false,
            paths: Vec::new(),
        }
    }

    pub fn run(&mut self, query: &mut Query) -> Checked {
        self.query(query)?;
        if self.natural {
            self.reads.iter_mut().for_each(|read| read.whole = true);
        }
        let read = |name: &String| {
            self.reads
                .iter()
                .filter_map(|read| read.of.policy.as_ref())
                .any(|policy| policy.reads.contains(name))
        };
        if let Some(taken) = self.ctes.iter().find(|name| read(name)) {
            let reason = format!("The name {taken} is taken. Give this common table expression another name.");
            return Err(Refusal::new(Code::SyntaxNotAllowed, reason, taken));
        }
        if !self.paths.is_empty() {
            let _ = VisitMut::visit(query, &mut Shorten { paths: &self.paths });
        }
        Ok(())
    }

    fn query(&mut self, query: &mut Query) -> Checked {
        self.scopes.enter();
        let recursive = self.recursive.take();
        let checked = self.query_in_scope(query, recursive);
        self.scopes.leave();
        checked
    }

    /// The scopes are those of the guard's walk.
    fn query_in_scope(&mut self, query: &mut Query, recursive: Option<String>) -> Checked {
        let Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks: _,
            for_clause: _,
            settings,
            format_clause: _,
            pipe_operators,
        } = query;
        if let Some(with) = with {
            for Cte { alias, query, .. } in &mut with.cte_tables {
                let name = self.same_name(&alias.name);
                self.ctes.insert(unquoted(&alias.name).to_lowercase());
                self.recursive = with.recursive.then(|| name.clone());
                self.query(query)?;
                self.recursive = None;
                self.scopes.define(name);
            }
        }
        match (body.as_mut(), recursive) {
            (
                SetExpr::SetOperation {
                    left,
                    op,
                    set_quantifier,
                    right,
                },
                Some(name),
            ) if recurs(*op, *set_quantifier) => {
                self.set_expr(left)?;
                self.scopes.define(name);
                self.set_expr(right)?;
            }
            _ => self.set_expr(body)?,
        }
        self.within(order_by)?;
        self.within(limit_clause)?;
        self.within(fetch)?;
        self.within(settings)?;
        self.within(pipe_operators)
    }

    fn set_expr(&mut self, body: &mut SetExpr) -> Checked {
        match body {
            SetExpr::Select(select) => self.select(select),
            SetExpr::Query(query) => self.query(query),
            SetExpr::SetOperation {
                left,
                op: _,
                set_quantifier: _,
                right,
            } => {
                self.set_expr(left)?;
                self.set_expr(right)
            }
            SetExpr::Values(values) => self.within(values),
            SetExpr::Table(table) => {
                let names = [&table.schema_name, &table.table_name];
                let parts: Vec<ObjectNamePart> = names
                    .into_iter()
                    .flatten()
                    .map(|name| ObjectNamePart::Identifier(Ident::new(name)))
                    .collect();
                let name = ObjectName(parts);
                if self.is_cte(&name) {
                    return Ok(());
                }
                let relation = self.table(name, None, None)?;
                *body = all_of(relation, self.dialect).ok_or_else(|| Refusal::syntax("TABLE", &"TABLE"))?;
                Ok(())
            }
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                Err(Refusal::new(Code::NotReadOnly, "A query that changes data may not run here.", ""))
            }
        }
    }

    fn select(&mut self, select: &mut Select) -> Checked {
        let Select {
            select_token: _,
            optimizer_hints: _,
            distinct,
            select_modifiers: _,
            top,
            top_before_distinct: _,
            projection,
            exclude: _,
            into: _,
            from,
            lateral_views,
            prewhere,
            selection,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode: _,
            flavor: _,
        } = select;
        for table in from {
            self.table_with_joins(table)?;
        }
        self.within(distinct)?;
        self.within(top)?;
        self.within(projection)?;
        self.within(lateral_views)?;
        self.within(prewhere)?;
        self.within(selection)?;
        self.within(connect_by)?;
        self.within(group_by)?;
        self.within(cluster_by)?;
        self.within(distribute_by)?;
        self.within(sort_by)?;
        self.within(having)?;
        self.within(named_window)?;
        self.within(qualify)
    }

    fn table_with_joins(&mut self, from: &mut TableWithJoins) -> Checked {
        let TableWithJoins { relation, joins } = from;
        self.factor(relation)?;
        for Join {
            relation,
            global: _,
            join_operator,
        } in joins
        {
            self.factor(relation)?;
            self.note_shared(join_operator);
            self.within(join_operator)?;
        }
        Ok(())
    }

    /// USING and NATURAL take columns that no expression names.
    fn note_shared(&mut self, operator: &JoinOperator) {
        let constraint = match (plain_constraint(operator), operator) {
            (Some(plain), _) => plain,
            (None, JoinOperator::StraightJoin(c) | JoinOperator::AsOf { constraint: c, .. }) => c,
            (None, _) => return,
        };
        match constraint {
            JoinConstraint::Using(columns) => {
                let names = columns.iter().filter_map(|name| parts(name).ok());
                self.using.extend(names.flatten().map(|name| unquoted(name).to_lowercase()));
            }
            JoinConstraint::Natural => self.natural = true,
            JoinConstraint::On(_) | JoinConstraint::None => {}
        }
    }

    fn factor(&mut self, factor: &mut TableFactor) -> Checked {
        match factor {
            TableFactor::Table { args: Some(args), .. } => {
                self.met += 1;
                self.within(args)
            }
            TableFactor::Table {
                name,
                alias,
                args: None,
                with_hints,
                version,
                with_ordinality,
                partitions,
                json_path,
                sample,
                index_hints,
            } => {
                self.met += 1;
                self.within(version)?;
                self.within(sample)?;
                if self.is_cte(name) {
                    return Ok(());
                }
                let extra =
                    *with_ordinality || !with_hints.is_empty() || !partitions.is_empty() || json_path.is_some() || !index_hints.is_empty();
                let of = self.known(name)?;
                if of.policy.is_none() {
                    self.note(of, name, alias.as_ref());
                    self.print_known(of, name);
                    return Ok(());
                }
                if extra {
                    return Err(Refusal::syntax("A hint or a part of this table", name));
                }
                let sample = match sample.take() {
                    None => None,
                    // Rows must be drawn from what the person may see: of a subselect PostgreSQL draws none.
                    Some(_) if self.dialect == SqlDialect::PostgreSql => {
                        let reason = "TABLESAMPLE does not work on this table; use ORDER BY random() LIMIT … instead.";
                        return Err(Refusal::new(Code::SyntaxNotAllowed, reason, &name.to_string()));
                    }
                    Some(TableSampleKind::BeforeTableAlias(sample) | TableSampleKind::AfterTableAlias(sample)) => {
                        Some(TableSampleKind::AfterTableAlias(sample))
                    }
                };
                let version = version.take();
                let mut governed = self.table(name.clone(), alias.take(), version)?;
                if let TableFactor::Derived { sample: own, .. } = &mut governed {
                    *own = sample;
                }
                *factor = governed;
                Ok(())
            }
            TableFactor::Derived { subquery, sample, .. } => {
                self.query(subquery)?;
                self.within(sample)
            }
            TableFactor::NestedJoin { table_with_joins, .. } => self.table_with_joins(table_with_joins),
            TableFactor::Pivot {
                table,
                aggregate_functions,
                value_column,
                value_source,
                default_on_null,
                alias: _,
            } => {
                self.factor(table)?;
                self.within(aggregate_functions)?;
                self.within(value_column)?;
                self.within(value_source)?;
                self.within(default_on_null)
            }
            TableFactor::Unpivot { table, value, columns, .. } => {
                self.factor(table)?;
                self.within(value)?;
                self.within(columns)
            }
            TableFactor::MatchRecognize {
                table,
                partition_by,
                order_by,
                measures,
                symbols,
                ..
            } => {
                self.factor(table)?;
                self.within(partition_by)?;
                self.within(order_by)?;
                self.within(measures)?;
                self.within(symbols)
            }
            TableFactor::Function { .. }
            | TableFactor::UNNEST { .. }
            | TableFactor::TableFunction { .. }
            | TableFactor::JsonTable { .. }
            | TableFactor::OpenJsonTable { .. }
            | TableFactor::XmlTable { .. }
            | TableFactor::UnpivotExpr { .. } => self.within(factor),
            TableFactor::SemanticView { .. } => Err(Refusal::syntax("This kind of table", factor)),
        }
    }

    /// What stands for a table without a CTE of its name.
    fn table(&mut self, mut name: ObjectName, alias: Option<TableAlias>, version: Option<TableVersion>) -> Result<TableFactor, Refusal> {
        let of = self.known(&name)?;
        self.note(of, &name, alias.as_ref());
        if self.reads.len() > MAX_USES {
            let reason = format!("The query reads tables more than {MAX_USES} times. Read each once, in WITH.");
            return Err(Refusal::new(Code::TooComplex, reason, &name.to_string()));
        }
        let refused = || Refusal::syntax("This use of the table", &name);
        let Some(policy) = &of.policy else {
            self.print_known(of, &mut name);
            return all_of_plain(name, alias, self.dialect).ok_or_else(|| Refusal::syntax("This use of the table", &""));
        };
        let alias = match alias {
            Some(alias) => alias,
            None => {
                let parts: Vec<Ident> = parts(&name)?.into_iter().cloned().collect();
                let own = parts.last().cloned().ok_or_else(refused)?;
                if parts.len() > 1 {
                    self.paths.push(parts);
                }
                TableAlias {
                    explicit: true,
                    name: own,
                    columns: vec![],
                    at: None,
                }
            }
        };
        let barred = self.barred && policy.has_filter();
        let mut printed = name.clone();
        self.print_known(of, &mut printed);
        let subquery = policy.subselect(printed, version, barred, self.dialect).ok_or_else(refused)?;
        Ok(TableFactor::Derived {
            lateral: false,
            subquery: Box::new(subquery),
            alias: Some(alias),
            sample: None,
        })
    }

    fn known(&self, name: &ObjectName) -> Result<&'g Governed, Refusal> {
        resolve(self.tables, name, self.dialect)
            .filter(|known| !known.columns.is_empty())
            .ok_or_else(|| Refusal::new(Code::TableUnknown, format!("Table {name} is unknown."), &name.to_string()))
    }

    /// MySQL finds a table in any case on some machines and another table on others: what runs has the catalog's name.
    fn print_known(&self, of: &Governed, name: &mut ObjectName) {
        if self.dialect != SqlDialect::MySql {
            return;
        }
        if let Some(ObjectNamePart::Identifier(own)) = name.0.last_mut() {
            if unquoted(own) != of.table.name {
                let text = quoted(&of.table.name, self.dialect);
                *own = Ident::with_quote('`', text.trim_matches('`'));
            }
        }
    }

    fn note(&mut self, of: &'g Governed, name: &ObjectName, alias: Option<&TableAlias>) {
        let parts: Vec<String> = parts(name)
            .map(|parts| parts.into_iter().map(unquoted).collect())
            .unwrap_or_default();
        let [path @ .., own] = parts.as_slice() else { return };
        self.reads.push(Read {
            of,
            catalog: (path.len() == 2).then(|| path[0].clone()),
            schema: path.last().cloned(),
            known_as: alias.map_or_else(|| own.clone(), |alias| unquoted(&alias.name)).to_lowercase(),
            whole: alias.is_some_and(|alias| !alias.columns.is_empty()),
        });
    }

    fn is_cte(&self, name: &ObjectName) -> bool {
        match parts(name).as_deref() {
            Ok([own]) => self.scopes.holds(&self.same_name(own)),
            _ => false,
        }
    }

    fn same_name(&self, name: &Ident) -> String {
        self.dialect.same_name(&unquoted(name), name.quote_style.is_some())
    }

    /// The queries in the expressions of a node that holds no table of its own.
    fn within<T: VisitMut>(&mut self, node: &mut T) -> Checked {
        let mut queries = Queries { rewrite: self, depth: 0 };
        match node.visit(&mut queries) {
            ControlFlow::Break(refusal) => Err(refusal),
            ControlFlow::Continue(()) => Ok(()),
        }
    }
}

fn all_of_plain(name: ObjectName, alias: Option<TableAlias>, dialect: SqlDialect) -> Option<TableFactor> {
    let SetExpr::Select(mut select) = *super::super::reparse("SELECT * FROM t", dialect)?.body else {
        return None;
    };
    let mut relation = select.from.pop()?.relation;
    if let TableFactor::Table {
        name: own,
        alias: own_alias,
        ..
    } = &mut relation
    {
        *own = name;
        *own_alias = alias;
    }
    Some(relation)
}

/// Hands each outermost query of an expression to the rewrite, which takes those in it.
struct Queries<'r, 'g> {
    rewrite: &'r mut Rewrite<'g>,
    depth: usize,
}

impl VisitorMut for Queries<'_, '_> {
    type Break = Refusal;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Refusal> {
        self.depth += 1;
        if self.depth > 1 {
            return ControlFlow::Continue(());
        }
        match self.rewrite.query(query) {
            Ok(()) => ControlFlow::Continue(()),
            Err(refusal) => ControlFlow::Break(refusal),
        }
    }

    fn post_visit_query(&mut self, _: &mut Query) -> ControlFlow<Refusal> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }
}
