//! The joins that every system writes alike.

use sqlparser::ast::{JoinConstraint, JoinOperator};

/// What two tables are joined by; None for the joins of single systems, which each caller treats as it must.
pub fn plain_constraint(operator: &JoinOperator) -> Option<&JoinConstraint> {
    use JoinOperator as J;
    match operator {
        J::Join(c)
        | J::Inner(c)
        | J::Left(c)
        | J::LeftOuter(c)
        | J::Right(c)
        | J::RightOuter(c)
        | J::FullOuter(c)
        | J::CrossJoin(c)
        | J::Semi(c)
        | J::LeftSemi(c)
        | J::RightSemi(c)
        | J::Anti(c)
        | J::LeftAnti(c)
        | J::RightAnti(c) => Some(c),
        // No wildcard: a join that a newer parser knows must be looked at.
        J::StraightJoin(_) | J::AsOf { .. } | J::CrossApply | J::OuterApply | J::ArrayJoin | J::LeftArrayJoin | J::InnerArrayJoin => None,
    }
}
