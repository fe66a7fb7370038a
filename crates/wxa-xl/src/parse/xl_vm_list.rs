//! `xl vm-list`: UUID, number and name of each domain, the control domain left out.
use uuid::Uuid;

/// The number of the domain that carries a UUID, as `xl vm-list` tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// One domain does.
    At(u32),
    /// None does.
    Nowhere,
    /// Several lines name it: a name may hold a line break, so that one of them may be made up.
    Ambiguous,
}

/// Looks a UUID up; none when the text is no such table, or breaks off.
pub fn find(text: &str, uuid: Uuid) -> Option<Found> {
    if !text.ends_with('\n') {
        return None;
    }
    let mut lines = text.lines().skip_while(|line| !is_header(line));
    lines.next()?;
    let mut found = Found::Nowhere;
    for line in lines {
        let mut words = line.split_whitespace();
        let is_it = words
            .next()
            .and_then(|word| Uuid::try_parse(word).ok())
            .is_some_and(|seen| seen == uuid);
        if !is_it {
            continue;
        }
        found = match (found, words.next().and_then(|word| word.parse().ok())) {
            (Found::Nowhere, Some(domid)) if domid > 0 => Found::At(domid),
            _ => Found::Ambiguous,
        };
    }
    Some(found)
}

fn is_header(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.next() == Some("UUID") && words.next() == Some("ID")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ONE: Uuid = Uuid::from_u128(1);
    const TWO: Uuid = Uuid::from_u128(2);

    fn table(rows: &[(Uuid, u32, &str)]) -> String {
        let rows = rows
            .iter()
            .map(|(uuid, id, name)| format!("{uuid}  {id}    {name}\n"));
        std::iter::once("UUID                                  ID    name\n".to_owned())
            .chain(rows)
            .collect()
    }

    #[test]
    fn a_domain_is_found_by_its_uuid_whatever_it_is_called() {
        let text = table(&[(ONE, 7, "web 1"), (TWO, 12, "(null)")]);
        assert_eq!(find(&text, TWO), Some(Found::At(12)));
        assert_eq!(find(&text, Uuid::from_u128(3)), Some(Found::Nowhere));
        assert_eq!(find(&format!("Welcome!\n{text}"), ONE), Some(Found::At(7)));
    }

    #[test]
    fn a_name_with_a_line_break_cannot_pass_for_another_domain() {
        let made_up = format!("evil\n{ONE}  3    web");
        let text = table(&[(ONE, 7, "web"), (TWO, 3, &made_up)]);
        assert_eq!(find(&text, ONE), Some(Found::Ambiguous));
        assert_eq!(find(&table(&[(ONE, 0, "dom0")]), ONE), Some(Found::Ambiguous));
    }

    #[test]
    fn what_is_no_table_or_breaks_off_is_none() {
        assert_eq!(find("", ONE), None);
        assert_eq!(find("xl: command not found\n", ONE), None);
        assert_eq!(find("UUID ID name\n1 ", ONE), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            find(&format!("UUID ID name\n{}\n", String::from_utf8_lossy(&bytes)), ONE);
        }
    }
}
