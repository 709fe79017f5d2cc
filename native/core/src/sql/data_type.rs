//! The types a value may be cast to.

use sqlparser::ast::{ArrayElemTypeDef, DataType, StructField};

use super::dialect::SqlDialect;
use super::refusal::Refusal;
use super::walk::{Checked, Walk, parts};

/// Types that the parser has no word for. Postgres' `regclass` and its kin look into the catalog: they are not among these.
const NAMED: [&str; 23] = [
    "bignum",
    "bpchar",
    "byte",
    "citext",
    "hugeint",
    "inet",
    "logical",
    "long",
    "money",
    "number",
    "object",
    "short",
    "string",
    "timestamp_ltz",
    "timestamp_ms",
    "timestamp_ns",
    "timestamp_ntz",
    "timestamp_s",
    "timestamp_tz",
    "timestamp_us",
    "uhugeint",
    "variant",
    "varint",
];

impl Walk {
    pub(super) fn data_type(&mut self, data_type: &DataType) -> Checked {
        self.deeper(|walk| walk.data_type_here(data_type))
    }

    fn data_type_here(&mut self, data_type: &DataType) -> Checked {
        use DataType as T;
        match data_type {
            T::Character(_) | T::Char(_) | T::CharacterVarying(_) | T::CharVarying(_) | T::Varchar(_) | T::Nvarchar(_) => Ok(()),
            T::Text | T::TinyText | T::MediumText | T::LongText | T::String(_) | T::Uuid | T::JSON | T::JSONB => Ok(()),
            T::Binary(_) | T::Varbinary(_) | T::Blob(_) | T::Bytes(_) | T::Bytea | T::Bit(_) | T::BitVarying(_) | T::VarBit(_) => Ok(()),
            T::Numeric(_) | T::Decimal(_) | T::DecimalUnsigned(_) | T::BigNumeric(_) | T::BigDecimal(_) | T::Dec(_) => Ok(()),
            T::Float(_) | T::Float4 | T::Float8 | T::Float32 | T::Float64 | T::Real | T::Double(_) | T::DoublePrecision => Ok(()),
            T::TinyInt(_) | T::SmallInt(_) | T::MediumInt(_) | T::Int(_) | T::Integer(_) | T::BigInt(_) | T::HugeInt => Ok(()),
            T::Int2(_) | T::Int4(_) | T::Int8(_) | T::Int16 | T::Int32 | T::Int64 | T::Int128 => Ok(()),
            T::UTinyInt | T::USmallInt | T::UBigInt | T::UHugeInt | T::UInt8 | T::UInt16 | T::UInt32 | T::UInt64 => Ok(()),
            T::TinyIntUnsigned(_) | T::SmallIntUnsigned(_) | T::IntUnsigned(_) | T::IntegerUnsigned(_) | T::BigIntUnsigned(_) => Ok(()),
            T::Signed | T::SignedInteger | T::Unsigned | T::UnsignedInteger => Ok(()),
            T::Bool | T::Boolean | T::Date | T::Time(..) | T::Datetime(_) | T::Timestamp(..) | T::TimestampNtz(_) | T::Interval { .. } => {
                Ok(())
            }
            T::Array(
                ArrayElemTypeDef::AngleBracket(inner) | ArrayElemTypeDef::SquareBracket(inner, _) | ArrayElemTypeDef::Parenthesis(inner),
            ) => self.data_type(inner),
            T::Array(ArrayElemTypeDef::None) => Ok(()),
            T::Map(key, value, _) => {
                self.data_type(key)?;
                self.data_type(value)
            }
            T::Struct(fields, _) => self.all(
                fields,
                |walk,
                 StructField {
                     field_name: _,
                     field_type,
                     options,
                 }| match options {
                    None => walk.data_type(field_type),
                    Some(_) => Err(Refusal::instead("A type with options", "Leave them out.", data_type)),
                },
            ),
            T::Custom(name, arguments) => {
                let known = match parts(name)?.as_slice() {
                    // DuckDB's reader of JSON into it recurses: brackets in a row end the process.
                    [own] if self.dialect == SqlDialect::DuckDb && own.value.eq_ignore_ascii_case("variant") => false,
                    [own] => NAMED.contains(&own.value.to_lowercase().as_str()),
                    _ => false,
                };
                let plain = arguments.iter().all(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
                if known && plain {
                    Ok(())
                } else {
                    Err(Refusal::instead(
                        "This type",
                        "Cast to a plain one: text, numeric, date or timestamp.",
                        data_type,
                    ))
                }
            }
            // Every other type, and every one that the parser may learn.
            _ => Err(Refusal::instead(
                "This type",
                "Cast to a plain one: text, numeric, date or timestamp.",
                data_type,
            )),
        }
    }
}
