//! Markup that is written as text: where a view of its own for each node costs more than what it shows.
//!
//! What is put in is escaped by what writes it; there is no way to put in markup that was not written here.

/// A piece of markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup(String);

impl Markup {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// An element with text in it.
    pub fn of(tag: &'static str, attributes: &[(&'static str, &str)], text: &str) -> Self {
        let mut markup = Self::new();
        markup.open(tag, attributes);
        markup.text(text);
        markup.close(tag);
        markup
    }

    /// The start of an element.
    pub fn open(&mut self, tag: &'static str, attributes: &[(&'static str, &str)]) {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            escape(value, &mut self.0);
            self.0.push('"');
        }
        self.0.push('>');
    }

    /// The end of an element.
    pub fn close(&mut self, tag: &'static str) {
        self.0.push_str("</");
        self.0.push_str(tag);
        self.0.push('>');
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        escape(text, &mut self.0);
    }

    /// Another piece.
    pub fn add(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    /// As it goes into a document.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn escape(text: &str, out: &mut String) {
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_put_in_becomes_markup() {
        let name = "<b onclick=\"x\">&amp;</b>";
        let escaped = "&lt;b onclick=&quot;x&quot;&gt;&amp;amp;&lt;/b&gt;";
        assert_eq!(
            Markup::of("a", &[("title", name)], name).as_str(),
            format!("<a title=\"{escaped}\">{escaped}</a>")
        );
    }
}
