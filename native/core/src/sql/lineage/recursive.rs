//! A recursive query is made of itself: the stand-ins for its columns are replaced by what those are made of.

use super::origin::{EVERYTHING, Gather, Id, Origin};
use super::relation::{Column, Relation};
use super::resolver::Resolver;

/// More columns than this are taken for made of one another, instead of following each.
const MAX_COLUMNS: usize = 200;

impl Resolver<'_> {
    /// The least solution: a column is made of what its branches are made of, and of what the columns are made of that it names
    /// of the round before.
    pub fn solve(&mut self, relation: Relation, stand_ins: &[Id]) -> Relation {
        let (Some(first), Some(last)) = (stand_ins.first(), stand_ins.last()) else {
            return relation;
        };
        let place = |id: &Id| (first..=last).contains(&id).then(|| (id - first) as usize);
        let reached: Vec<Vec<usize>> = if relation.columns.len() > MAX_COLUMNS {
            let every: Vec<usize> = (0..relation.columns.len()).collect();
            vec![every; 1]
        } else {
            (0..relation.columns.len())
                .map(|column| reach(column, &relation.columns, &place))
                .collect()
        };
        let solved: Vec<Origin> = reached
            .iter()
            .map(|reached| {
                let mut all = Gather::default();
                for column in reached {
                    let origin = &relation.columns[*column].origin;
                    let base: Vec<Id> = origin.ids().iter().copied().filter(|id| place(id).is_none()).collect();
                    all.add(&Origin::of(base, origin.exact && reached.len() <= MAX_COLUMNS));
                }
                all.finish()
            })
            .collect();
        let of = |column: usize| solved.get(column).or(solved.first()).cloned().unwrap_or_else(Origin::none);
        let replaced = |origin: &Origin| {
            let mut all = Gather::default();
            all.add(&Origin::of(
                origin.ids().iter().copied().filter(|id| place(id).is_none()).collect(),
                origin.exact,
            ));
            for column in origin.ids().iter().filter_map(place) {
                all.add(&of(column));
            }
            all.finish()
        };
        for (column, id) in stand_ins.iter().enumerate() {
            if self.used.get(*id as usize).copied().unwrap_or(false) {
                self.mark(&of(column));
            }
        }
        if self.is_spent() {
            self.used[EVERYTHING as usize] = true;
        }
        let rows = replaced(&relation.rows);
        let columns = relation.columns.into_iter().enumerate().map(|(place, column)| Column {
            origin: of(place),
            ..column
        });
        Relation {
            columns: columns.collect(),
            open: relation.open,
            rows,
        }
    }
}

/// The columns that `start` is made of, itself among them.
fn reach(start: usize, columns: &[Column], place: &impl Fn(&Id) -> Option<usize>) -> Vec<usize> {
    let mut seen = vec![false; columns.len()];
    let mut todo = vec![start];
    while let Some(column) = todo.pop() {
        if column < seen.len() && !std::mem::replace(&mut seen[column], true) {
            todo.extend(columns[column].origin.ids().iter().filter_map(place));
        }
    }
    (0..columns.len()).filter(|column| seen[*column]).collect()
}
