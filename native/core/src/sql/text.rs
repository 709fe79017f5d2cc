//! What can be refused before the grammar: comments that are code, and characters that hide.

use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, Whitespace, Word};

use super::dialect::SqlDialect;
use super::refusal::{Code, Refusal};

/// First words of statements that are no query.
const COMMANDS: &str = "\
ABORT ADD ALTER ANALYZE ATTACH BEGIN CACHE CALL CHECKPOINT CLOSE CLUSTER COMMENT
COMMIT COPY CREATE DEALLOCATE DECLARE DELETE DESC DESCRIBE DETACH DISCARD DO DROP
END EXECUTE EXPLAIN EXPORT FETCH FLUSH FORCE GET GRANT HANDLER IMPORT INSERT
INSTALL KILL LIST LISTEN LOAD LOCK MERGE MOVE MSCK NOTIFY OPTIMIZE PRAGMA
PREPARE PUT REASSIGN REFRESH REINDEX RELEASE REMOVE RENAME REPAIR REPLACE RESET RESTORE REVOKE
ROLLBACK SAVEPOINT SECURITY SET SHOW START SUMMARIZE TRUNCATE UNCACHE UNDROP UNLISTEN UNLOAD
UPDATE USE VACUUM";

/// Words, signs and spaces of the longest text that is read: what bounds the time a check takes.
const MAX_TOKENS: usize = 40_000;

pub fn is_command(word: &str) -> bool {
    COMMANDS.split_whitespace().any(|command| command == word)
}

/// The first word of a text, upper case, past spaces and opening parentheses.
pub fn first_word(sql: &str) -> Option<String> {
    let word: String = sql
        .trim_start_matches(|c: char| c.is_whitespace() || c == '(')
        .chars()
        .take_while(|c| c.is_ascii_alphabetic())
        .collect();
    (!word.is_empty()).then(|| word.to_ascii_uppercase())
}

/// The tokens of a text in which nothing hides. Texts keep their escapes, so that they are printed as they were written.
pub fn check(sql: &str, dialect: SqlDialect) -> Result<Vec<TokenWithSpan>, Refusal> {
    if sql.contains('\0') {
        return Err(Refusal::new(Code::SyntaxNotAllowed, "The query holds a NUL character.", ""));
    }
    let tokens = Tokenizer::new(dialect.parser(), sql)
        .with_unescape(false)
        .tokenize_with_location()
        .map_err(|error| Refusal::new(Code::ParseError, format!("The SQL can not be read: {error}"), sql))?;
    if tokens.len() > MAX_TOKENS {
        return Err(Refusal::new(
            Code::TooComplex,
            format!("The query has more than {MAX_TOKENS} words and signs."),
            sql,
        ));
    }
    no_hidden_code(sql, &tokens)?;
    no_prefix(&tokens, dialect)?;
    for TokenWithSpan { token, .. } in &tokens {
        match token {
            // A comment to the parser, not to Snowflake.
            Token::Whitespace(Whitespace::SingleLineComment { prefix, .. }) if prefix == "#" && dialect != SqlDialect::MySql => {
                let reason = "# begins no comment here. Write --.";
                return Err(Refusal::new(Code::SyntaxNotAllowed, reason, "#"));
            }
            Token::Word(word) => check_word(word, dialect)?,
            Token::Char(c) if !c.is_ascii() => return Err(hides(*c, "")),
            _ => {}
        }
    }
    Ok(tokens)
}

/// The parser reads what stands in MySQL's `/*! … */` as code and leaves no trace of the comment. So one is there when its
/// opening stands more often in the text than in the strings, names and comments of it.
fn no_hidden_code(sql: &str, tokens: &[TokenWithSpan]) -> Result<(), Refusal> {
    for opening in ["/*!", "/*M!", "/*+"] {
        let Some(at) = sql.find(opening) else { continue };
        let inside: usize = tokens
            .iter()
            .map(|TokenWithSpan { token, .. }| token.to_string().matches(opening).count())
            .sum();
        let own = tokens.iter().any(
            |TokenWithSpan { token, .. }| matches!(token, Token::Whitespace(Whitespace::MultiLineComment(text)) if text.starts_with(&opening[2..])),
        );
        if own || sql.matches(opening).count() > inside {
            return Err(Refusal::new(
                Code::SyntaxNotAllowed,
                "A comment that is code is not allowed.",
                &sql[at..],
            ));
        }
    }
    Ok(())
}

/// MySQL's `BINARY a = b` casts `a`; the parser takes all of `a = b` into the cast and would write it so.
fn no_prefix(tokens: &[TokenWithSpan], dialect: SqlDialect) -> Result<(), Refusal> {
    if dialect != SqlDialect::MySql {
        return Ok(());
    }
    let mut before: Option<&Token> = None;
    for TokenWithSpan { token, .. } in tokens.iter().filter(|token| !matches!(token.token, Token::Whitespace(_))) {
        let of_type = matches!(token, Token::LParen | Token::RParen);
        if let Some(Token::Word(Word {
            value, quote_style: None, ..
        })) = before
            && value.eq_ignore_ascii_case("binary")
            && !of_type
        {
            let reason = "BINARY before a value is not allowed here. Write CAST(a AS BINARY).";
            return Err(Refusal::new(Code::SyntaxNotAllowed, reason, "BINARY"));
        }
        before = Some(token);
    }
    Ok(())
}

/// Bytes of a name that PostgreSQL minds: it cuts the rest off, so that two names here may be one there.
const POSTGRES_NAME: usize = 63;

fn check_word(word: &Word, dialect: SqlDialect) -> Result<(), Refusal> {
    if dialect == SqlDialect::PostgreSql && word.value.len() > POSTGRES_NAME {
        let reason = format!(
            "A name has at most {POSTGRES_NAME} bytes in {}. Write a shorter one.",
            dialect.name()
        );
        return Err(Refusal::new(Code::SyntaxNotAllowed, reason, &word.to_string()));
    }
    let Some(quote) = word.quote_style else {
        return match word.value.chars().find(|c| !is_plain(*c)) {
            Some(hidden) => Err(hides(hidden, &word.value)),
            None => Ok(()),
        };
    };
    // The parser knows quotes that the system does not: what it takes for a name would run as code.
    if !dialect.quotes().contains(&quote) {
        let [own, ..] = dialect.quotes() else {
            unreachable!("every dialect has a quote")
        };
        let reason = format!("{quote} does not quote names in {}; use {own}.", dialect.name());
        return Err(Refusal::new(Code::SyntaxNotAllowed, reason, &word.to_string()));
    }
    match word.value.chars().find(|c| !is_shown(*c)) {
        Some(hidden) => Err(hides(hidden, &word.value)),
        None => Ok(()),
    }
}

fn hides(c: char, part: &str) -> Refusal {
    let reason = if c.is_ascii_graphic() {
        format!("The character {c} may not stand in a name. Put the name in quotes.")
    } else {
        format!(
            "The character U+{:04X} looks like another or is not seen. Put the name in quotes or write it in plain letters.",
            c as u32
        )
    };
    Refusal::new(Code::SyntaxNotAllowed, reason, part)
}

/// Characters of an unquoted name: ASCII, and the Latin letters with accents, none of which looks like an ASCII one. The
/// parser takes more of them into a name than some systems do, for which `#` begins a comment.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '@') || (('\u{C0}'..='\u{24F}').contains(&c) && c.is_alphabetic())
}

/// A quoted name may hold any script, but nothing that is invisible or turns the text around.
fn is_shown(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_known_by_its_whole_word() {
        assert!(is_command("COPY") && !is_command("COP") && !is_command("SELECT") && !is_command(""));
    }

    #[test]
    fn the_first_word_stands_behind_spaces_and_parentheses() {
        assert_eq!(first_word(" \n(( select 1"), Some("SELECT".into()));
        assert_eq!(first_word("1"), None);
    }
}
