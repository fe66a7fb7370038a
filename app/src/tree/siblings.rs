//! Which of its siblings a row is: what screen readers say, also of rows that are not on the page.
use super::Row;

/// Levels there are at most: site, pool, member, VM.
const LEVELS: usize = 4;

/// Tells each row which of its siblings it is. Siblings follow each other, with only what is below them between.
pub(super) fn count(rows: &mut [Row]) {
    let mut groups: [Vec<usize>; LEVELS] = Default::default();
    for at in 0..=rows.len() {
        let depth = rows
            .get(at)
            .map_or(0, |row| usize::from(row.level).saturating_sub(1));
        // Whatever is deeper than this row ends here; at the end everything does.
        let ending = if at == rows.len() { 0 } else { depth + 1 };
        for group in groups.iter_mut().skip(ending) {
            let all = group.len();
            for (n, member) in std::mem::take(group).into_iter().enumerate() {
                if let Some(row) = rows.get_mut(member) {
                    row.place = (n + 1, all);
                }
            }
        }
        if let Some(group) = groups.get_mut(depth).filter(|_| at < rows.len()) {
            group.push(at);
        }
    }
}
