//! A row filter: one condition in the dialect of the source, in which `:principal.…` stands for what is known of the person.

use std::collections::HashSet;
use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Ident, ObjectName, Query, TableFactor, Visit, VisitMut, Visitor, VisitorMut};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer, Word};

use super::super::dialect::SqlDialect;
use super::super::walk::{Walk, unquoted};
use super::super::{MAX_NESTING, text};
use super::literal::escaped;
use super::options::{Attribute, Literal, Principal, Table};

/// A condition whose columns are qualified with the inner alias of its table.
pub struct Condition {
    pub expr: Expr,
    /// Names of the tables that its subqueries read, in lower case, when they stand without a schema.
    pub reads: HashSet<String>,
    pub has_subquery: bool,
}

/// Throws the sentence that says what is wrong.
pub fn compile(sql: &str, table: &Table, base: &str, principal: &Principal, dialect: SqlDialect) -> Result<Condition, String> {
    let written = text::check(sql, dialect).map_err(|refusal| refusal.reason)?;
    let tokens = fill(written.into_iter().map(|token| token.token).collect(), principal, dialect)?;
    let Some(tokens) = tokens else {
        // What is not known of the person lets no row through.
        return Ok(Condition {
            expr: parse(never(dialect), dialect)?,
            reads: HashSet::new(),
            has_subquery: false,
        });
    };
    let mut expr = parse(tokens, dialect)?;
    let mut walk = Walk::new(dialect);
    walk.expr(&expr)
        .map_err(|refusal| format!("{} ({})", refusal.reason, refusal.part))?;
    let mut sources = Sources::default();
    let _ = expr.visit(&mut sources);
    let mut qualify = Qualify {
        table,
        base: Ident::new(base),
        dialect,
        inner: &sources.names,
        depth: 0,
    };
    match VisitMut::visit(&mut expr, &mut qualify) {
        ControlFlow::Break(fault) => Err(fault),
        ControlFlow::Continue(()) => Ok(Condition {
            expr,
            reads: walk
                .tables
                .iter()
                .filter(|read| read.schema.is_none())
                .map(|read| read.name.to_lowercase())
                .collect(),
            has_subquery: sources.any,
        }),
    }
}

fn never(dialect: SqlDialect) -> Vec<Token> {
    Tokenizer::new(dialect.parser(), "1 = 0").tokenize().unwrap_or_default()
}

fn parse(tokens: Vec<Token>, dialect: SqlDialect) -> Result<Expr, String> {
    let mut parser = Parser::new(dialect.parser()).with_recursion_limit(MAX_NESTING).with_tokens(tokens);
    let expr = parser.parse_expr().map_err(|error| error.to_string())?;
    match parser.peek_token().token {
        Token::EOF => Ok(expr),
        rest => Err(format!("the condition ends before `{rest}`")),
    }
}

/// The tokens with the values of the person; `None` when one is not known. A value is one token: nothing in it is SQL.
fn fill(tokens: Vec<Token>, principal: &Principal, dialect: SqlDialect) -> Result<Option<Vec<Token>>, String> {
    let mut filled = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while let [first, tail @ ..] = rest {
        let fact = match rest {
            [Token::Colon, Token::Word(own), Token::Period, Token::Word(name), ..] if is_principal(own) => name,
            _ => {
                filled.push(first.clone());
                rest = tail;
                continue;
            }
        };
        rest = rest.get(4..).unwrap_or_default();
        let Some((_, value)) = principal.facts.iter().find(|(known, _)| *known == fact.value) else {
            return Ok(None);
        };
        match value {
            Attribute::One(value) => filled.extend(tokens_of(value, dialect)?),
            Attribute::List(values) => {
                if values.len() != 1 && !in_list(&filled, rest) {
                    return Err(format!("the list :principal.{} stands only in IN (…)", fact.value));
                }
                // Nothing is equal to NULL, and nothing is unequal to it.
                if values.is_empty() {
                    filled.push(Token::make_keyword("NULL"));
                }
                for (i, value) in values.iter().enumerate() {
                    if i > 0 {
                        filled.push(Token::Comma);
                    }
                    filled.extend(tokens_of(value, dialect)?);
                }
            }
        }
    }
    Ok(Some(filled))
}

fn is_principal(word: &Word) -> bool {
    word.quote_style.is_none() && word.value.eq_ignore_ascii_case("principal")
}

fn tokens_of(value: &Literal, dialect: SqlDialect) -> Result<Vec<Token>, String> {
    Ok(match value {
        Literal::Text(text) if text.contains('\0') => return Err("a value of the person holds a NUL character".into()),
        Literal::Text(text) => vec![Token::SingleQuotedString(escaped(text, dialect))],
        Literal::Number(number) => match number.strip_prefix('-') {
            Some(digits) => vec![Token::LParen, Token::Minus, Token::Number(digits.into(), false), Token::RParen],
            None => vec![Token::Number(number.clone(), false)],
        },
        Literal::Boolean(value) => vec![Token::make_keyword(if *value { "TRUE" } else { "FALSE" })],
    })
}

/// Whether what is written so far ends in `IN (` or `IN (…,`, and the list goes on or ends behind it.
fn in_list(before: &[Token], after: &[Token]) -> bool {
    let space = |token: &&Token| !matches!(token, Token::Whitespace(_));
    let mut back = before.iter().rev().filter(space);
    let next = after.iter().find(space);
    if !matches!(next, Some(Token::Comma | Token::RParen)) || !matches!(back.clone().next(), Some(Token::Comma | Token::LParen)) {
        return false;
    }
    let mut depth = 0;
    while let Some(token) = back.next() {
        match token {
            Token::RParen => depth += 1,
            Token::LParen if depth == 0 => {
                return matches!(back.next(), Some(Token::Word(word)) if word.value.eq_ignore_ascii_case("in"));
            }
            Token::LParen => depth -= 1,
            _ => {}
        }
    }
    false
}

/// The names under which the subqueries of a condition know their tables.
#[derive(Default)]
struct Sources {
    names: HashSet<String>,
    any: bool,
}

impl Visitor for Sources {
    type Break = ();

    fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.any = true;
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table { name, alias, .. } = factor {
            let own = match alias {
                Some(alias) => Some(unquoted(&alias.name)),
                None => last(name),
            };
            self.names.extend(own.map(|own| own.to_lowercase()));
        }
        ControlFlow::Continue(())
    }
}

fn last(name: &ObjectName) -> Option<String> {
    name.0.last().and_then(|part| part.as_ident()).map(unquoted)
}

struct Qualify<'a> {
    table: &'a Table,
    base: Ident,
    dialect: SqlDialect,
    inner: &'a HashSet<String>,
    depth: usize,
}

impl Qualify<'_> {
    /// The column of the table that a name means, as the catalog writes it and in quotes.
    fn column(&self, name: &Ident) -> Option<Ident> {
        let own = &self.table.columns;
        let exact = own.iter().find(|column| same_column(&column.name, name, self.dialect))?;
        Some(Ident::with_quote(self.quote(), self.escaped(&exact.name)))
    }

    fn quote(&self) -> char {
        self.dialect.quotes().first().copied().unwrap_or('"')
    }

    /// A quote in a name stands there twice, as in every tree here.
    fn escaped(&self, name: &str) -> String {
        let quote = self.quote();
        name.replace(quote, &format!("{quote}{quote}"))
    }

    fn is_own(&self, name: &Ident) -> bool {
        let name = unquoted(name).to_lowercase();
        name == self.table.name.to_lowercase() && !self.inner.contains(&name)
    }
}

/// Whether a name in a query means the column of this name.
pub fn same_column(column: &str, name: &Ident, dialect: SqlDialect) -> bool {
    let written = unquoted(name);
    match dialect {
        SqlDialect::PostgreSql => dialect.same_name(&written, name.quote_style.is_some()) == column,
        SqlDialect::Snowflake => dialect.same_name(&written, name.quote_style.is_some()) == column,
        _ => written.to_lowercase() == column.to_lowercase(),
    }
}

impl VisitorMut for Qualify<'_> {
    type Break = String;

    fn pre_visit_query(&mut self, _: &mut Query) -> ControlFlow<String> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &mut Query) -> ControlFlow<String> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<String> {
        let names: &[Ident] = match expr {
            Expr::Identifier(name) => std::slice::from_ref(name),
            Expr::CompoundIdentifier(names) => names,
            _ => return ControlFlow::Continue(()),
        };
        let (path, fields) = match names {
            [table, column, fields @ ..] if self.is_own(table) => (self.column(column).ok_or(column), fields),
            // A plain name in a subquery is first a column of its own tables.
            _ if self.depth > 0 => return ControlFlow::Continue(()),
            [column, fields @ ..] => (self.column(column).ok_or(column), fields),
            [] => return ControlFlow::Continue(()),
        };
        match path {
            Err(unknown) => ControlFlow::Break(format!("there is no column `{}`", unquoted(unknown))),
            Ok(column) => {
                let names = [vec![self.base.clone(), column], fields.to_vec()].concat();
                *expr = Expr::CompoundIdentifier(names);
                ControlFlow::Continue(())
            }
        }
    }
}
