//! Words that DuckDB and SQLite read and the parser does not: ASOF before a join, MATERIALIZED before a common table expression.
//!
//! The tree has no place for DuckDB's `ASOF JOIN t ON …`. It has one for ClickHouse's `GLOBAL JOIN`, which no system here
//! knows: an as-of join is kept in the tree as a global one, `Join { global: true, .. }`, and printed as what it is.

use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, Word};

use super::dialect::SqlDialect;
use super::refusal::{Code, Refusal};

/// What may follow either word.
const JOINS: [&str; 7] = ["FULL", "INNER", "JOIN", "LEFT", "RIGHT", "SEMI", "ANTI"];

/// The tokens as the parser can read them.
pub fn for_parser(mut tokens: Vec<TokenWithSpan>, dialect: SqlDialect) -> Result<Vec<TokenWithSpan>, Refusal> {
    if !matches!(dialect, SqlDialect::DuckDb | SqlDialect::Sqlite) {
        return Ok(tokens);
    }
    let words = significant(&tokens);
    let mut left_out = Vec::new();
    for (i, &at) in words.iter().enumerate() {
        let next = |n: usize| words.get(i + n).map(|&at| &tokens[at].token);
        if is_word(&tokens[at].token, "GLOBAL") && next(1).is_some_and(is_join) {
            let reason = "GLOBAL before a join is not allowed here. Leave it out.";
            return Err(Refusal::new(Code::SyntaxNotAllowed, reason, "GLOBAL"));
        }
        if is_word(&tokens[at].token, "AS") {
            // A hint of how to run it, which changes no result.
            let negated = usize::from(next(1).is_some_and(|token| is_word(token, "NOT")));
            let hinted = next(1 + negated).is_some_and(|token| is_word(token, "MATERIALIZED"));
            if hinted && matches!(next(2 + negated), Some(Token::LParen)) {
                left_out.extend(words[i + 1..=i + 1 + negated].iter().copied());
            }
        }
    }
    if dialect == SqlDialect::DuckDb {
        swap(&mut tokens, "ASOF", &Token::make_keyword("GLOBAL"));
    }
    for at in left_out.into_iter().rev() {
        tokens.remove(at);
    }
    Ok(tokens)
}

/// The text of a printed tree as the system reads it.
pub fn for_system(printed: String, dialect: SqlDialect) -> String {
    if dialect != SqlDialect::DuckDb || !printed.contains("GLOBAL ") {
        return printed;
    }
    match Tokenizer::new(dialect.parser(), &printed)
        .with_unescape(false)
        .tokenize_with_location()
    {
        Ok(mut tokens) => {
            swap(&mut tokens, "GLOBAL", &Token::make_word("ASOF", None));
            tokens.iter().map(|token| token.token.to_string()).collect()
        }
        // It will not parse again either, and is refused there.
        Err(_) => printed,
    }
}

fn swap(tokens: &mut [TokenWithSpan], word: &str, by: &Token) {
    let words = significant(tokens);
    for pair in words.windows(2) {
        if is_word(&tokens[pair[0]].token, word) && is_join(&tokens[pair[1]].token) {
            tokens[pair[0]].token = by.clone();
        }
    }
}

/// Where the tokens stand that are no space and no comment.
fn significant(tokens: &[TokenWithSpan]) -> Vec<usize> {
    (0..tokens.len())
        .filter(|&at| !matches!(tokens[at].token, Token::Whitespace(_)))
        .collect()
}

fn is_word(token: &Token, text: &str) -> bool {
    matches!(token, Token::Word(Word { value, quote_style: None, .. }) if value.eq_ignore_ascii_case(text))
}

fn is_join(token: &Token) -> bool {
    JOINS.iter().any(|join| is_word(token, join))
}
