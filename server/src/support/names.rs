//! What this installation's people, hosts and guests are called, and what stands for it in a bundle.
use std::collections::BTreeSet;
use wxa_core::{AuditFilter, Core, Ctx, Error};

/// Shorter names cannot be told from parts of words.
const LEAST: usize = 2;

/// Names with what stands for them.
#[derive(Clone, Debug)]
pub struct Names {
    /// The longest first: one may be part of another.
    known: Vec<(String, String)>,
    /// Whether addresses stay too.
    pub(super) shown: bool,
}

impl Names {
    /// All stay as they are.
    pub fn shown() -> Self {
        Self {
            known: Vec::new(),
            shown: true,
        }
    }

    /// These are replaced; `also` are further ones.
    pub fn hidden(also: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let mut names = Self {
            known: Vec::new(),
            shown: false,
        };
        names.learn(also);
        names
    }

    /// Learns the names that the records hold.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn learn_from(&mut self, core: &Core) -> Result<(), Error> {
        let ctx = Ctx::command_line();
        let mut found = Vec::new();
        for user in core.user_list(&ctx).await? {
            found.push(("user", user.name));
        }
        for host in core.host_list(&ctx).await? {
            let address = host.address.split('@').next_back().unwrap_or_default();
            let address = address
                .rsplit_once(':')
                .map_or(address, |(address, _)| address)
                .to_owned();
            found.extend([
                ("host", host.name),
                ("site", host.site_name),
                ("address", address),
            ]);
        }
        let filter = AuditFilter {
            limit: Some(u32::MAX),
            ..AuditFilter::default()
        };
        for row in core.audit_list(&ctx, filter).await? {
            found.extend([("user", row.by), ("object", row.on)]);
        }
        self.learn(found);
        Ok(())
    }

    fn learn(&mut self, found: impl IntoIterator<Item = (&'static str, String)>) {
        let mut seen: BTreeSet<String> = self.known.iter().map(|(name, _)| name.clone()).collect();
        for (kind, name) in found {
            let ours = ["command line", "local", ""].contains(&name.as_str());
            if !ours && name.chars().count() >= LEAST && seen.insert(name.clone()) {
                let stand_in = format!("({kind} {})", self.known.len() + 1);
                self.known.push((name, stand_in));
            }
        }
        self.known.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    }

    /// `text` with every known name replaced, where it stands as a word.
    pub(super) fn replaced(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, stand_in) in &self.known {
            let mut done = String::with_capacity(text.len());
            let mut rest = text.as_str();
            while let Some((before, after)) = rest.split_once(name.as_str()) {
                let joined = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                let inside = joined(before.chars().next_back()) || joined(after.chars().next());
                done.push_str(before);
                done.push_str(if inside { name } else { stand_in });
                rest = after;
            }
            done.push_str(rest);
            text = done;
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_as_words_and_the_longest_first() {
        let names = Names::hidden([
            ("host", "db".into()),
            ("object", "db web".into()),
            ("user", "x".into()),
        ]);
        assert_eq!(
            names.replaced("db web is on db, not in dbx; x stays"),
            "(object 2) is on (host 1), not in dbx; x stays"
        );
    }
}
