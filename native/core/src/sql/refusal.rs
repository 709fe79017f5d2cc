//! Why a query may not run.

const MAX_PART: usize = 120;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    ParseError,
    NotOneStatement,
    NotReadOnly,
    FunctionNotAllowed,
    TableNotAllowed,
    SyntaxNotAllowed,
    TooComplex,
    RoundTrip,
    TableUnknown,
}

impl Code {
    pub fn as_str(self) -> &'static str {
        match self {
            Code::ParseError => "SQL_PARSE_ERROR",
            Code::NotOneStatement => "SQL_NOT_ONE_STATEMENT",
            Code::NotReadOnly => "SQL_NOT_READ_ONLY",
            Code::FunctionNotAllowed => "SQL_FUNCTION_NOT_ALLOWED",
            Code::TableNotAllowed => "SQL_TABLE_NOT_ALLOWED",
            Code::SyntaxNotAllowed => "SQL_SYNTAX_NOT_ALLOWED",
            Code::TooComplex => "SQL_TOO_COMPLEX",
            Code::RoundTrip => "SQL_ROUND_TRIP",
            Code::TableUnknown => "SQL_TABLE_UNKNOWN",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: Code,
    /// A sentence for the person who asked.
    pub reason: String,
    /// The part of the query that is refused.
    pub part: String,
}

impl Refusal {
    pub fn new(code: Code, reason: impl Into<String>, part: &str) -> Self {
        Refusal {
            code,
            reason: reason.into(),
            part: part.chars().take(MAX_PART).collect(),
        }
    }

    /// Syntax that is not allowed, with what to write instead: a whole sentence.
    pub fn instead(what: &str, hint: &str, part: &dyn std::fmt::Display) -> Self {
        Refusal::new(
            Code::SyntaxNotAllowed,
            format!("{what} is not allowed here. {hint}"),
            &part.to_string(),
        )
    }

    /// Syntax that is on no allow-list.
    pub fn syntax(what: &str, part: &dyn std::fmt::Display) -> Self {
        Refusal::new(Code::SyntaxNotAllowed, format!("{what} is not allowed here."), &part.to_string())
    }
}
