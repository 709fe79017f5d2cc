//! Proves that a text is one read-only query, by an allow-list over its syntax tree, and prints what may run.

mod asof;
mod data_type;
mod dialect;
mod expr;
mod fields;
mod from;
mod functions;
pub mod gate;
mod hint;
mod instead;
mod joins;
mod limit;
pub mod lineage;
mod mend;
mod parser;
mod query;
mod refusal;
mod scope;
mod table;
mod text;
mod walk;

use std::collections::BTreeSet;

use sqlparser::ast::{Query, Statement};
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

pub use dialect::SqlDialect;
pub use refusal::{Code, Refusal};
pub use walk::TableRef;

use walk::Walk;

/// Longer texts are not written by people; a model that writes one is wrong.
const MAX_BYTES: usize = 100_000;
/// Levels of nested syntax. The parser stops there, so that no input can exhaust the stack.
const MAX_NESTING: usize = 64;
/// The drop of a tree recurses along chains (`a OR b OR …`, UNION) that the parser builds in a loop; the tokens of a text
/// bound them to some 20,000 links, and this stack holds them all. It is reserved, not used.
const STACK_BYTES: usize = 64 << 20;

/// A query that may run.
#[derive(Debug, PartialEq)]
pub struct Allowed {
    /// Printed from the checked tree: this is what runs.
    pub sql: String,
    pub tables: Vec<TableRef>,
    /// Column names as written, without their qualifier; `*` when all columns of something are taken.
    pub columns: Vec<String>,
    pub functions: Vec<String>,
}

/// Checks `sql`. With `max_rows` the printed query brings at most one row more than that, so that a cut can be seen.
pub fn analyze(sql: &str, dialect: SqlDialect, max_rows: Option<u64>) -> Result<Allowed, Refusal> {
    with_stack(sql, || {
        let (query, walk) = prove(sql, dialect, max_rows)?;
        let printed = print(&query, dialect, sql)?;
        let Walk {
            tables,
            columns,
            functions,
            ..
        } = walk;
        Ok(Allowed {
            sql: printed,
            tables,
            columns: sorted(columns),
            functions: sorted(functions),
        })
    })
}

/// Runs `work` on a stack that holds every tree that a text of this length can make.
fn with_stack<T: Send>(sql: &str, work: impl FnOnce() -> Result<T, Refusal> + Send) -> Result<T, Refusal> {
    if sql.len() > MAX_BYTES {
        let reason = format!("The query has {} characters; at most {MAX_BYTES} are read.", sql.len());
        return Err(Refusal::new(Code::TooComplex, reason, sql));
    }
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, work)
            .map_err(|_| Refusal::new(Code::TooComplex, "There is no memory left to check the query.", ""))?
            .join()
            .unwrap_or_else(|_| Err(Refusal::new(Code::ParseError, "The query could not be read.", sql)))
    })
}

/// The one query that a text is.
fn parse(sql: &str, dialect: SqlDialect) -> Result<Query, Refusal> {
    let tokens = asof::for_parser(text::check(sql, dialect)?, dialect)?;
    let parser = Parser::new(dialect.parser())
        .with_recursion_limit(MAX_NESTING)
        .with_tokens_with_locations(tokens.clone());
    let parsed = statements(parser).map_err(|error| unreadable(sql, error, &tokens, dialect))?;
    only_query(parsed, sql)
}

/// The one query that a text is, proved read-only and bounded, and what was met in it.
fn prove(sql: &str, dialect: SqlDialect, max_rows: Option<u64>) -> Result<(Query, Walk), Refusal> {
    let mut query = parse(sql, dialect)?;
    let mut walk = Walk::new(dialect);
    walk.query(&query)?;
    walk.fields.check(dialect)?;
    mend::mend(&mut query, dialect);
    if let Some(rows) = max_rows {
        query = limit::at_most(query, rows.saturating_add(1));
    }
    Ok((query, walk))
}

/// The text of a tree, when the parser reads it as this very tree.
fn print(query: &Query, dialect: SqlDialect, sql: &str) -> Result<String, Refusal> {
    let printed = asof::for_system(query.to_string(), dialect);
    if reparse(&printed, dialect).as_ref() != Some(query) {
        let reason = "This query can not be written back safely. Write it in a simpler way.";
        return Err(Refusal::new(Code::RoundTrip, reason, sql));
    }
    Ok(printed)
}

fn sorted(set: BTreeSet<String>) -> Vec<String> {
    set.into_iter().collect()
}

fn only_query(mut parsed: Vec<Statement>, sql: &str) -> Result<Query, Refusal> {
    if parsed.len() > 1 {
        let reason = format!("There are {} statements; only one may run at a time.", parsed.len());
        return Err(Refusal::new(Code::NotOneStatement, reason, sql));
    }
    match parsed.pop() {
        None => Err(Refusal::new(Code::NotOneStatement, "There is no statement.", "")),
        Some(Statement::Query(query)) => Ok(*query),
        Some(_) => Err(not_a_read(sql)),
    }
}

fn not_a_read(sql: &str) -> Refusal {
    let verb = text::first_word(sql).unwrap_or_default();
    Refusal::new(Code::NotReadOnly, format!("{verb} is not a query. Only SELECT may run here."), sql)
}

fn unreadable(sql: &str, error: ParserError, tokens: &[TokenWithSpan], dialect: SqlDialect) -> Refusal {
    // A statement of another kind that does not parse is still refused for its kind: that is what the reader must know.
    let verb = text::first_word(sql).unwrap_or_default();
    match error {
        ParserError::RecursionLimitExceeded => Refusal::new(
            Code::TooComplex,
            format!("The query is nested deeper than {MAX_NESTING} levels."),
            sql,
        ),
        _ if text::is_command(&verb) => not_a_read(sql),
        ParserError::ParserError(message) | ParserError::TokenizerError(message) => match hint::find(tokens, dialect) {
            Some((Code::ParseError, instead)) => {
                Refusal::new(Code::ParseError, format!("The SQL can not be read: {message}. {instead}"), sql)
            }
            Some((code, sentence)) => Refusal::new(code, sentence, sql),
            None => Refusal::new(Code::ParseError, format!("The SQL can not be read: {message}"), sql),
        },
    }
}

/// All statements of a text. The parser's own loop stops at END and leaves out what follows.
fn statements(mut parser: Parser) -> Result<Vec<Statement>, ParserError> {
    let mut parsed = Vec::new();
    loop {
        while parser.consume_token(&Token::SemiColon) {}
        if parser.peek_token_ref().token == Token::EOF {
            return Ok(parsed);
        }
        parsed.push(parser.parse_statement()?);
        let next = parser.peek_token_ref();
        if !matches!(next.token, Token::EOF | Token::SemiColon) {
            return Err(ParserError::ParserError(format!(
                "Expected: end of statement, found: {}{}",
                next.token, next.span.start
            )));
        }
    }
}

fn reparse(printed: &str, dialect: SqlDialect) -> Option<Query> {
    // The limit may add one level to what the parser let through.
    let tokens = Tokenizer::new(dialect.parser(), printed)
        .with_unescape(false)
        .tokenize_with_location()
        .ok()?;
    let parser = Parser::new(dialect.parser())
        .with_recursion_limit(MAX_NESTING + 10)
        .with_tokens_with_locations(asof::for_parser(tokens, dialect).ok()?);
    let mut parsed = statements(parser).ok()?;
    match (parsed.pop(), parsed.is_empty()) {
        (Some(Statement::Query(query)), true) => Some(*query),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(sql: &str, dialect: SqlDialect) -> Option<Code> {
        analyze(sql, dialect, Some(10)).err().map(|refusal| refusal.code)
    }

    fn printed(sql: &str) -> String {
        analyze(sql, SqlDialect::DuckDb, Some(10)).expect("allowed").sql
    }

    #[test]
    fn the_limit_is_lowered_kept_or_put_around() {
        assert_eq!(printed("select a from t"), "SELECT a FROM t LIMIT 11");
        assert_eq!(printed("select a from t limit 5"), "SELECT a FROM t LIMIT 5");
        assert_eq!(printed("select a from t limit 500 offset 2"), "SELECT a FROM t LIMIT 11 OFFSET 2");
        assert_eq!(
            printed("select a from t order by a limit 1 + 1"),
            "SELECT * FROM (SELECT a FROM t ORDER BY a LIMIT 1 + 1) AS limited LIMIT 11"
        );
        let mysql = analyze("SELECT a FROM t LIMIT 20, 30", SqlDialect::MySql, Some(10)).expect("allowed");
        assert_eq!(mysql.sql, "SELECT a FROM t LIMIT 11 OFFSET 20");
    }

    #[test]
    fn texts_keep_their_escapes() {
        for (sql, dialect) in [
            (r"SELECT '\\d+', 'a\'b'", SqlDialect::MySql),
            (r"SELECT '\\d+', 'a\'b'", SqlDialect::Snowflake),
            (r"SELECT '\\d+', 'a\'b'", SqlDialect::Databricks),
            (r"SELECT 'a\''b', '''', ''''''", SqlDialect::DuckDb),
            (r"SELECT E'a\'b', $x$it's$x$", SqlDialect::PostgreSql),
        ] {
            assert_eq!(analyze(sql, dialect, None).expect("allowed").sql, sql);
        }
    }

    #[test]
    fn the_longest_chains_end_in_a_refusal() {
        for link in ["|a", "::int", "=a", "||a", " OR a", " IS NULL", "[1]", "<a"] {
            let sql = format!("SELECT a{}", link.repeat(39_000 / 2));
            assert_eq!(code(&sql, SqlDialect::DuckDb), Some(Code::TooComplex), "{link}");
        }
        for open in [
            "(",
            "[",
            "- ",
            "NOT ",
            "abs(",
            "{a: ",
            "CASE WHEN ",
            "a->",
            "(SELECT ",
            "exists(select ",
        ] {
            let sql = format!("SELECT {}", open.repeat(6_000));
            assert!(code(&sql, SqlDialect::DuckDb).is_some(), "{open}");
        }
    }

    #[test]
    fn a_name_is_the_table_that_the_system_reads() {
        let tables = |sql: &str, dialect| analyze(sql, dialect, None).expect("allowed").tables.len();
        let sql = "WITH \"Users\" AS (SELECT 1) SELECT * FROM users";
        assert_eq!(tables(sql, SqlDialect::PostgreSql), 1);
        assert_eq!(tables(sql, SqlDialect::DuckDb), 0);
        let sql = "WITH \"USERS\" AS (SELECT 1) SELECT * FROM users";
        assert_eq!(tables(sql, SqlDialect::Snowflake), 0);
    }
}
