//! FROM: tables, joins, and which columns of theirs `*` and a bare name mean.

use std::rc::Rc;

use sqlparser::ast::{
    Ident, JoinConstraint, JoinOperator, ObjectName, ObjectNamePart, Query, TableAlias, TableFactor, TableFunctionArgs, TableWithJoins,
};

use super::origin::{Gather, Origin};
use super::relation::{Column, Open, Relation};
use super::resolver::Resolver;
use super::scope::{Bound, Scope, Wanted, find};
use super::value::Reading;
use crate::sql::dialect::SqlDialect;
use crate::sql::walk::unquoted;

/// Which side a column comes from that a join has of both.
#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
    Both,
}

impl Resolver<'_> {
    pub fn table_with_joins(&mut self, from: &TableWithJoins, scope: &mut Scope) {
        let start = scope.visible.len();
        let first_bound = scope.bounds.len();
        self.factor(&from.relation, scope);
        for join in &from.joins {
            let (middle, middle_bound) = (scope.visible.len(), scope.bounds.len());
            let open = scope.open.len();
            self.factor(&join.relation, scope);
            // A FROM that grew too wide has lost its columns.
            let (start, middle) = (start.min(scope.visible.len()), middle.min(scope.visible.len()));
            self.join(&join.join_operator, start, middle, scope);
            // A semi-join only asks whether there is a match: the other side has no columns behind it.
            match join.join_operator {
                JoinOperator::Semi(_) | JoinOperator::LeftSemi(_) | JoinOperator::Anti(_) | JoinOperator::LeftAnti(_) => {
                    scope.visible.truncate(middle);
                    scope.bounds.truncate(middle_bound);
                    if !self.is_spent() {
                        scope.open.truncate(open);
                    }
                }
                JoinOperator::RightSemi(_) | JoinOperator::RightAnti(_) => {
                    scope.visible.drain(start..middle);
                    scope.bounds.drain(first_bound..middle_bound);
                }
                _ => {}
            }
        }
    }

    fn join(&mut self, operator: &JoinOperator, start: usize, middle: usize, scope: &mut Scope) {
        use JoinOperator as J;
        let (constraint, side) = match operator {
            J::Join(c) | J::Inner(c) | J::Left(c) | J::LeftOuter(c) | J::CrossJoin(c) | J::StraightJoin(c) => (Some(c), Side::Left),
            J::Semi(c) | J::LeftSemi(c) | J::Anti(c) | J::LeftAnti(c) => (Some(c), Side::Left),
            J::Right(c) | J::RightOuter(c) | J::RightSemi(c) | J::RightAnti(c) => (Some(c), Side::Right),
            J::FullOuter(c) => (Some(c), Side::Both),
            J::AsOf {
                match_condition,
                constraint,
            } => {
                self.condition(match_condition, scope);
                (Some(constraint), Side::Left)
            }
            J::CrossApply | J::OuterApply | J::ArrayJoin | J::LeftArrayJoin | J::InnerArrayJoin => (None, Side::Left),
        };
        match constraint {
            None | Some(JoinConstraint::None) => {}
            Some(JoinConstraint::On(condition)) => self.condition(condition, scope),
            Some(JoinConstraint::Using(columns)) => {
                let idents: Vec<Ident> = columns.iter().filter_map(last_part).collect();
                let wanted = idents.iter().map(|ident| Wanted::new(ident, self.dialect)).collect();
                self.merge(wanted, side, start, middle, scope);
            }
            Some(JoinConstraint::Natural) => {
                let (left, right) = scope.visible[start..].split_at(middle - start);
                let shared = left
                    .iter()
                    .filter(|column| right.iter().any(|other| other.name.key == column.name.key));
                let wanted = shared
                    .map(|column| Wanted::new(&Ident::with_quote('"', column.name.text.as_ref()), self.dialect))
                    .collect();
                if !self.spend((middle - start) * (scope.visible.len() - middle)) || !scope.open.is_empty() {
                    scope.rows.inexact();
                }
                self.merge(wanted, side, start, middle, scope);
            }
        }
    }

    fn condition(&mut self, condition: &sqlparser::ast::Expr, scope: &mut Scope) {
        let mut rows = std::mem::take(&mut scope.rows);
        self.gather(condition, scope, Reading::VALUE, &mut rows);
        scope.rows = rows;
    }

    /// USING and NATURAL: the columns of both sides become one. The standard puts them first; DuckDB and SQLite leave them
    /// where the left side has them.
    fn merge(&mut self, wanted: Vec<Wanted>, side: Side, start: usize, middle: usize, scope: &mut Scope) {
        let mut right = scope.visible.split_off(middle.min(scope.visible.len()));
        let mut left = scope.visible.split_off(start.min(scope.visible.len()));
        let in_place = matches!(self.dialect, SqlDialect::DuckDb | SqlDialect::Sqlite);
        let mut front = Vec::new();
        for name in wanted {
            if !self.spend(left.len() + right.len()) {
                break;
            }
            let pair = [find(&left, &name), find(&right, &name)];
            pair.iter().flatten().for_each(|origin| self.mark(origin));
            scope.rows.add_all(pair.iter().flatten());
            let merged = match (pair, side) {
                ([Some(left), Some(_)], Side::Left) => left,
                ([Some(_), Some(right)], Side::Right) => right,
                ([Some(left), Some(right)], Side::Both) => {
                    let mut both = Gather::default();
                    both.add_all([&left, &right]);
                    both.finish()
                }
                ([Some(one), None] | [None, Some(one)], _) => {
                    if scope.open.is_empty() {
                        scope.rows.inexact();
                    }
                    one
                }
                ([None, None], _) => self.of_open_tables(&name, scope),
            };
            let is_it = |column: &Column| column.name.key.as_ref() == name.key;
            let own = left
                .iter()
                .chain(&right)
                .find(|column| is_it(column))
                .map(|column| column.name.clone());
            let merged = Column {
                name: own.unwrap_or_else(|| super::schema::Name::new(&name.text)),
                origin: merged,
            };
            right.retain(|column| !is_it(column));
            match left.iter().position(is_it) {
                Some(place) if in_place => left[place] = merged,
                _ => {
                    left.retain(|column| !is_it(column));
                    front.push(merged);
                }
            }
        }
        scope.visible.extend(front);
        scope.visible.extend(left);
        scope.visible.extend(right);
    }

    /// A column of USING that only tables can have whose columns are not known.
    fn of_open_tables(&mut self, name: &Wanted, scope: &mut Scope) -> Origin {
        let mut all = Gather::default();
        for open in scope.open.clone() {
            match open {
                Open::Table(table) => all.add(&self.guessed_column(table, &name.text)),
                Open::Of(origin) => all.add(&origin),
            }
        }
        let origin = all.finish();
        self.mark(&origin);
        scope.rows.add(&origin);
        if scope.open.is_empty() {
            scope.rows.inexact();
        }
        origin
    }

    fn factor(&mut self, factor: &TableFactor, scope: &mut Scope) {
        let bound = self.deeper(|resolver| resolver.factor_here(factor, scope));
        if bound.is_none() {
            let anything = Rc::new(self.anything());
            self.bind(Vec::new(), anything, scope);
        }
    }

    fn factor_here(&mut self, factor: &TableFactor, scope: &mut Scope) {
        match factor {
            TableFactor::Table {
                name,
                alias,
                args: Some(TableFunctionArgs { args, .. }),
                with_ordinality,
                ..
            }
            | TableFactor::Function {
                name,
                alias,
                args,
                with_ordinality,
                ..
            } => {
                let relation = self.rows_function(name, args, *with_ordinality, alias.as_ref(), scope);
                self.bind_as(alias.as_ref(), Some(name), relation, scope);
            }
            TableFactor::Table { name, alias, .. } => {
                let relation = self.named(name);
                self.bind_as(alias.as_ref(), Some(name), relation, scope);
            }
            TableFactor::Derived {
                lateral, subquery, alias, ..
            } => {
                let relation = self.derived(*lateral, subquery, scope);
                self.bind_as(alias.as_ref(), None, Rc::new(relation), scope);
            }
            TableFactor::NestedJoin {
                table_with_joins,
                alias: None,
            } => self.table_with_joins(table_with_joins, scope),
            TableFactor::NestedJoin {
                table_with_joins,
                alias: Some(alias),
            } => {
                let relation = self.joined(table_with_joins, scope);
                self.bind_as(Some(alias), None, Rc::new(relation), scope);
            }
            _ => self.shaped(factor, scope),
        }
    }

    /// A common table expression in reach, else a table.
    fn named(&mut self, name: &ObjectName) -> Rc<Relation> {
        if let [ObjectNamePart::Identifier(own)] = name.0.as_slice() {
            let key = self.dialect.same_name(&unquoted(own), own.quote_style.is_some());
            if let Some(relation) = self.cte(&key) {
                return relation;
            }
        }
        self.table(name)
    }

    /// A subquery sees the tables before it when it is LATERAL, which in DuckDB every one is.
    fn derived(&mut self, lateral: bool, subquery: &Query, scope: &Scope) -> Relation {
        let outer = match lateral || self.dialect == SqlDialect::DuckDb {
            true => Some(scope),
            false => scope.parent,
        };
        self.query(subquery, outer, None)
    }

    /// The join as one relation.
    pub fn joined(&mut self, from: &TableWithJoins, scope: &Scope) -> Relation {
        let mut inner = Scope::inside(Some(scope));
        self.table_with_joins(from, &mut inner);
        Relation {
            columns: inner.visible,
            open: inner.open,
            rows: inner.rows.finish(),
        }
    }

    pub fn bind_as(&mut self, alias: Option<&TableAlias>, name: Option<&ObjectName>, relation: Rc<Relation>, scope: &mut Scope) {
        match alias {
            Some(alias) => {
                let names: Vec<String> = alias.columns.iter().map(|column| unquoted(&column.name)).collect();
                let path = vec![unquoted(&alias.name).to_ascii_lowercase()];
                self.bind(path, Relation::renamed(relation, &names), scope);
            }
            None => {
                let idents = name.iter().flat_map(|name| &name.0).filter_map(ObjectNamePart::as_ident);
                let path = idents.map(|ident| unquoted(ident).to_ascii_lowercase()).collect();
                self.bind(path, relation, scope);
            }
        }
    }

    /// Makes the relation and its columns known to what follows.
    pub fn bind(&mut self, path: Vec<String>, relation: Rc<Relation>, scope: &mut Scope) {
        scope.rows.add(&relation.rows);
        if self.fits(scope.visible.len() + relation.columns.len()) {
            scope.visible.extend(relation.columns.iter().cloned());
        } else {
            scope.visible.clear();
            scope.open.push(Open::Of(Origin::everything()));
        }
        scope.open.extend(relation.open.iter().cloned());
        scope.bounds.push(Bound { path, relation });
    }
}

fn last_part(name: &ObjectName) -> Option<Ident> {
    name.0.last().and_then(ObjectNamePart::as_ident).cloned()
}
