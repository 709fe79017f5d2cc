//! What a gate is made of: the tables of a source and what one person may see of them.

/// The kind of a column's values, as the product's contract knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    String,
    Integer,
    Number,
    Boolean,
    Date,
    Timestamp,
    Json,
}

impl ColumnType {
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "string" => ColumnType::String,
            "integer" => ColumnType::Integer,
            "number" => ColumnType::Number,
            "boolean" => ColumnType::Boolean,
            "date" => ColumnType::Date,
            "timestamp" => ColumnType::Timestamp,
            "json" => ColumnType::Json,
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Text(String),
    /// As it is written in SQL, with its sign.
    Number(String),
    Boolean(bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "day" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "year" => Unit::Year,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Year => "year",
        }
    }
}

/// What stands in place of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Mask {
    Null,
    Hash,
    Partial {
        first: u32,
        last: u32,
    },
    /// The size as it is written in SQL; it is above zero.
    Size(String),
    Unit(Unit),
    Constant(Literal),
}

#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub kind: ColumnType,
    /// The type as the system writes it. Without it a column of texts may be one of times, UUIDs or the like.
    pub native: Option<String>,
    pub mask: Option<Mask>,
    /// Not there for this person.
    pub denied: bool,
}

/// A condition on the rows, under the id of its policy.
#[derive(Debug, Clone)]
pub struct Filter {
    pub id: String,
    pub sql: String,
}

/// Names are as the system's catalog writes them. A table without a schema is in the one that is searched for plain names.
#[derive(Debug, Clone)]
pub struct Table {
    pub catalog: Option<String>,
    pub schema: Option<String>,
    pub name: String,
    /// In the order of the table.
    pub columns: Vec<Column>,
    pub filters: Vec<Filter>,
}

#[derive(Debug, Clone)]
pub enum Attribute {
    One(Literal),
    List(Vec<Literal>),
}

/// Who asks: `id`, `roles` and the attributes, by name.
#[derive(Debug, Clone, Default)]
pub struct Principal {
    pub facts: Vec<(String, Attribute)>,
}

#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `None`: any table may be read and no policy holds.
    pub tables: Option<Vec<Table>>,
    pub principal: Principal,
    pub salt: String,
}
