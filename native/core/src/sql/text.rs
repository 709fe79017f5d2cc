//! What can be refused before the grammar: comments that are code, and characters that hide.

use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, Whitespace};

use super::dialect::SqlDialect;
use super::refusal::{Code, Refusal};

/// First words of statements that are no query.
const COMMANDS: [&str; 38] = [
    "ALTER",
    "ANALYZE",
    "ATTACH",
    "BEGIN",
    "CALL",
    "CHECKPOINT",
    "COMMENT",
    "COMMIT",
    "COPY",
    "CREATE",
    "DELETE",
    "DESCRIBE",
    "DETACH",
    "DO",
    "DROP",
    "EXECUTE",
    "EXPLAIN",
    "EXPORT",
    "GRANT",
    "IMPORT",
    "INSERT",
    "INSTALL",
    "LOAD",
    "LOCK",
    "MERGE",
    "PRAGMA",
    "PREPARE",
    "PUT",
    "REPLACE",
    "RESET",
    "REVOKE",
    "ROLLBACK",
    "SET",
    "SHOW",
    "TRUNCATE",
    "UPDATE",
    "USE",
    "VACUUM",
];

pub fn is_command(word: &str) -> bool {
    COMMANDS.binary_search(&word).is_ok()
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

/// The tokens of a text in which nothing hides.
pub fn check(sql: &str, dialect: SqlDialect) -> Result<Vec<TokenWithSpan>, Refusal> {
    if sql.contains('\0') {
        return Err(Refusal::new(Code::SyntaxNotAllowed, "The query holds a NUL character.", ""));
    }
    let tokens = Tokenizer::new(dialect.parser(), sql)
        .tokenize_with_location()
        .map_err(|error| Refusal::new(Code::ParseError, format!("The SQL can not be read: {error}"), sql))?;
    for TokenWithSpan { token, .. } in &tokens {
        match token {
            // MySQL runs what stands in these comments, others take them as hints; either is more than a comment.
            Token::Whitespace(Whitespace::MultiLineComment(text)) if text.starts_with(['!', '+']) || text.starts_with("M!") => {
                return Err(Refusal::new(Code::SyntaxNotAllowed, "A comment that is code is not allowed.", text));
            }
            Token::Word(word) => {
                let fine = if word.quote_style.is_some() { is_shown } else { is_plain };
                if let Some(hidden) = word.value.chars().find(|c| !fine(*c)) {
                    return Err(hides(hidden, &word.value));
                }
            }
            Token::Char(c) if !c.is_ascii() => return Err(hides(*c, "")),
            _ => {}
        }
    }
    Ok(tokens)
}

fn hides(c: char, part: &str) -> Refusal {
    let reason = format!(
        "The character U+{:04X} looks like another or is not seen. Put the name in quotes or write it in plain letters.",
        c as u32
    );
    Refusal::new(Code::SyntaxNotAllowed, reason, part)
}

/// Letters of an unquoted name: ASCII and the Latin letters with accents, none of which looks like an ASCII one.
fn is_plain(c: char) -> bool {
    c.is_ascii_graphic() || (('\u{C0}'..='\u{24F}').contains(&c) && c.is_alphabetic())
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
    fn commands_are_sorted_for_the_search() {
        assert!(COMMANDS.is_sorted());
        assert!(is_command("COPY") && !is_command("SELECT"));
    }

    #[test]
    fn the_first_word_stands_behind_spaces_and_parentheses() {
        assert_eq!(first_word(" \n(( select 1"), Some("SELECT".into()));
        assert_eq!(first_word("1"), None);
    }
}
