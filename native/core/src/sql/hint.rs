//! What to write instead of what the parser can not read. Such a text is refused in any case: this only finds the words.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::dialect::SqlDialect;
use super::refusal::Code;

use SqlDialect::{Databricks, DuckDb, MySql, PostgreSql, Snowflake, Sqlite};

struct Hint {
    dialects: &'static [SqlDialect],
    /// Words and signs that follow one another; `…` stands for some between them.
    words: &'static str,
    sentence: &'static str,
    code: Code,
}

const fn hint(dialects: &'static [SqlDialect], words: &'static str, sentence: &'static str) -> Hint {
    Hint {
        dialects,
        words,
        sentence,
        code: Code::ParseError,
    }
}

const fn write(words: &'static str, sentence: &'static str) -> Hint {
    Hint {
        dialects: &[],
        words,
        sentence,
        code: Code::NotReadOnly,
    }
}

/// The first that fits is told.
const HINTS: [Hint; 24] = [
    write("INTO OUTFILE", "INTO OUTFILE writes a file; it may not run here. Leave it out."),
    write("INTO DUMPFILE", "INTO DUMPFILE writes a file; it may not run here. Leave it out."),
    write(
        "LOCK IN SHARE MODE",
        "A query that locks rows may not run here. Leave the lock out.",
    ),
    write("FOR NO KEY UPDATE", "A query that locks rows may not run here. Leave the lock out."),
    write("FOR KEY SHARE", "A query that locks rows may not run here. Leave the lock out."),
    hint(
        &[DuckDb],
        "PIVOT … ON … USING",
        "Write it in FROM, with the values: SELECT * FROM t PIVOT (sum(x) FOR month IN ('JAN', 'FEB')).",
    ),
    hint(
        &[DuckDb],
        "UNPIVOT … ON … INTO",
        "Write it in FROM: SELECT * FROM t UNPIVOT (value FOR name IN (a, b)).",
    ),
    hint(
        &[DuckDb],
        "PIVOT ( … GROUP BY",
        "Leave GROUP BY out of PIVOT and take a subquery with the columns that are needed: FROM (SELECT region, month, amount FROM t) PIVOT (…).",
    ),
    hint(
        &[DuckDb],
        "USING SAMPLE",
        "Write TABLESAMPLE BERNOULLI (10 PERCENT) REPEATABLE (42) behind the table.",
    ),
    hint(
        &[DuckDb],
        "TABLESAMPLE RESERVOIR",
        "Write TABLESAMPLE BERNOULLI (10 PERCENT) REPEATABLE (42), or ORDER BY hash(id) LIMIT 20.",
    ),
    hint(
        &[DuckDb],
        "POSITIONAL JOIN",
        "Number the rows of both with row_number() OVER (ORDER BY …) and join on the number.",
    ),
    hint(
        &[DuckDb, PostgreSql],
        "EXCLUDE CURRENT ROW",
        "Take the row itself off: sum(x) OVER (…) - x.",
    ),
    hint(&[DuckDb], "[ … FOR … IN", "Write list_transform(items, lambda x: x + 1)."),
    hint(&[DuckDb], "PERCENT", "Write LIMIT with a number of rows."),
    hint(&[PostgreSql], "BETWEEN SYMMETRIC", "Write BETWEEN least(a, b) AND greatest(a, b)."),
    hint(&[PostgreSql], "FROM ONLY", "Write the table's name alone."),
    hint(
        &[Databricks],
        "TABLESAMPLE ( … )",
        "Put the sample into a subquery: FROM (SELECT * FROM t TABLESAMPLE (10 PERCENT) REPEATABLE (42)) AS a.",
    ),
    hint(&[Databricks], "|>", "Write one SELECT … FROM … WHERE … GROUP BY."),
    hint(
        &[Snowflake],
        "->>",
        "Write one SELECT, with a common table expression for what comes before.",
    ),
    hint(&[MySql], "YEAR_MONTH", "Write year(d) * 100 + month(d), or date_format(d, '%Y%m')."),
    hint(&[MySql], "MOD", "Write a % b, or mod(a, b)."),
    hint(&[], "TABLE", "Write SELECT * FROM and the table's name."),
    hint(
        &[DuckDb, Sqlite],
        "TABLESAMPLE",
        "Write TABLESAMPLE BERNOULLI (10 PERCENT) REPEATABLE (42) behind the table.",
    ),
    hint(&[], "AS OF", "Write a condition on a column with the time."),
];

/// The code of a text that can not be read, and what to write instead.
pub fn find(tokens: &[TokenWithSpan], dialect: SqlDialect) -> Option<(Code, &'static str)> {
    let words: Vec<String> = tokens
        .iter()
        .filter(|token| !matches!(token.token, Token::Whitespace(_) | Token::SingleQuotedString(_)))
        .map(|token| token.token.to_string().to_ascii_uppercase())
        .collect();
    HINTS
        .iter()
        .filter(|hint| hint.dialects.is_empty() || hint.dialects.contains(&dialect))
        .find(|hint| stands_in(hint.words, &words))
        .map(|hint| (hint.code, hint.sentence))
}

fn stands_in(pattern: &str, mut words: &[String]) -> bool {
    pattern.split('…').all(|part| {
        let part: Vec<&str> = part.split_whitespace().collect();
        match words.windows(part.len()).position(|window| window.iter().eq(&part)) {
            Some(at) => {
                words = &words[at + part.len()..];
                true
            }
            None => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_in_order() {
        let words = ["PIVOT", "T", "ON", "A", "USING"].map(String::from);
        assert!(stands_in("PIVOT … ON … USING", &words) && stands_in("ON A", &words));
        assert!(!stands_in("USING … PIVOT", &words) && !stands_in("PIVOT ON", &words));
    }
}
