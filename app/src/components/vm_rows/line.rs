//! One row as it is drawn: what is in its cells, so that two of them are compared cell by cell.
use super::{
    cells::{self, Use},
    href,
};
use crate::{
    components::state_badge,
    cx::Cx,
    markup::Markup,
    routes::{HostTab, Route},
    text::{T, fill},
};
use wxa_model::{Host, HostKind, VmId};

/// The attribute of a row that names its VM.
pub(super) const VM: &str = "data-vm";

/// What a row shows that is the list's and not the VM's.
pub(super) struct About<'a> {
    /// The VM whose details are beside the list.
    pub selected: Option<VmId>,
    /// Those with a mark.
    pub marked: &'a [VmId],
    /// Whether there is a column for pools.
    pub pools: bool,
}

/// A cell: its class and what is in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub class: &'static str,
    pub inside: Inside,
}

/// What is in a cell. What can be changed without writing it anew is told apart from other markup.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Inside {
    /// The box that marks the row, by what it is called.
    Box(String),
    /// A link: where to, and its text.
    Link(String, String),
    /// A text.
    Text(String),
    /// The heading of a group, and how many are in it.
    Heading(String, usize),
    /// Anything else.
    Markup(Markup),
}

/// The element of a heading's cell.
const HEADING: &str = "th";

impl Inside {
    /// A link to a host or pool; nothing without one.
    fn place(place: Option<&Host>) -> Self {
        match place {
            Some(host) => Self::Link(Route::Host(host.id, HostTab::Overview).path(), host.name.clone()),
            None => Self::Text(String::new()),
        }
    }

    fn tag(&self) -> &'static str {
        match self {
            Self::Heading(..) => HEADING,
            Self::Box(_) | Self::Link(..) | Self::Text(_) | Self::Markup(_) => "td",
        }
    }

    /// As it goes into a document.
    pub fn write(&self, out: &mut Markup) {
        match self {
            // A mark is the page's: no browser remembers it by the place of its box.
            Self::Box(label) => out.open(
                "input",
                &[
                    ("type", "checkbox"),
                    ("autocomplete", "off"),
                    ("aria-label", label),
                ],
            ),
            Self::Link(href, text) => out.add(&Markup::of("a", &[("href", href)], text)),
            Self::Text(text) => out.text(text),
            Self::Heading(label, count) => {
                out.add(&Markup::of("span", &[], label));
                out.add(&Markup::of("b", &[], &count.to_string()));
            }
            Self::Markup(markup) => out.add(markup),
        }
    }
}

/// What a row is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// A VM.
    Vm(VmId),
    /// A group, by its heading.
    Group(String),
}

impl Of {
    /// What names the VM in the row's attribute [`VM`].
    pub fn vm(&self) -> Option<String> {
        match self {
            Self::Vm(id) => Some(id.to_string()),
            Self::Group(_) => None,
        }
    }
}

/// A row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub of: Of,
    /// Its host is not heard: what it shows may be over.
    pub stale: bool,
    pub selected: bool,
    pub marked: bool,
    pub cells: Vec<Cell>,
}

impl Line {
    /// The row of a VM as it is now. Tracks all that it shows.
    pub fn of(cx: Cx, id: VmId, uses: &Use, about: &About<'_>) -> Self {
        let vm = cx.live.vm_now(id);
        let state = vm.as_deref().map(|vm| state_badge::now(cx, vm));
        let mut line = Self {
            of: Of::Vm(id),
            stale: state.as_ref().is_some_and(|state| state.key == "unknown"),
            selected: about.selected == Some(id),
            marked: about.marked.contains(&id),
            cells: Vec::with_capacity(12),
        };
        let (Some(vm), Some(state)) = (vm, state) else {
            return line;
        };
        let host = cx.live.host(vm.host);
        let pool = host.as_ref().and_then(|host| cx.live.pool_of(host));
        let memory = cells::memory(&vm);
        line.add("sel", Inside::Box(fill(T::Mark, &[("name", &vm.name)])));
        line.add("name", Inside::Link(href(id), vm.name.clone()));
        let told = state_badge::told(cx, &vm).filter(|_| !line.stale);
        line.add("state", Inside::Markup(cells::state(cx, &state, told.as_ref())));
        line.add(
            "host",
            match host.as_deref().filter(|host| host.kind != HostKind::Pool) {
                Some(machine) => Inside::place(Some(machine)),
                None => Inside::Markup(cells::nowhere(pool.as_deref())),
            },
        );
        if about.pools {
            line.add("pool", Inside::place(pool.as_deref()));
        }
        line.add("num", Inside::Markup(uses.cpu.clone()));
        line.add(
            "num",
            match cells::share(&vm) {
                Some(share) => Inside::Markup(cells::with_share(share, &memory)),
                None => Inside::Text(memory.clone()),
            },
        );
        line.add("num", Inside::Text(uses.disk.clone()));
        line.add("num", Inside::Text(uses.net.clone()));
        line.add("num muted", Inside::Text(cells::uptime(cx, &vm)));
        line.add("tags", Inside::Markup(cells::tags(&vm)));
        line.add("mini muted", Inside::Text(uses.beside(&memory)));
        line
    }

    /// The heading of a group.
    pub fn group(label: String, count: usize) -> Self {
        let heading = Cell {
            class: "group",
            inside: Inside::Heading(label.clone(), count),
        };
        Self {
            of: Of::Group(label),
            stale: false,
            selected: false,
            marked: false,
            cells: vec![heading],
        }
    }

    fn add(&mut self, class: &'static str, inside: Inside) {
        self.cells.push(Cell { class, inside });
    }

    /// The row's class.
    pub fn class(&self) -> &'static str {
        match self.of {
            Of::Group(_) => "vm-group",
            Of::Vm(_) if self.stale => "vm-row stale hatch",
            Of::Vm(_) => "vm-row",
        }
    }

    /// Whether it is selected, as it is told.
    pub fn selection(&self) -> &'static str {
        if self.selected { "true" } else { "false" }
    }

    /// Whether it has the same cells as another one, whatever is in them.
    pub fn is_like(&self, other: &Self) -> bool {
        let classes = |line: &Self| line.cells.iter().map(|cell| cell.class).collect::<Vec<_>>();
        classes(self) == classes(other)
    }

    /// All cells.
    pub fn inside(&self) -> Markup {
        let mut all = Markup::new();
        self.write_cells(&mut all);
        all
    }

    /// The whole row.
    pub fn write(&self, out: &mut Markup) {
        match self.of.vm() {
            Some(id) => out.open(
                "tr",
                &[
                    ("class", self.class()),
                    ("aria-selected", self.selection()),
                    (VM, &id),
                ],
            ),
            None => out.open("tr", &[("class", self.class())]),
        }
        self.write_cells(out);
        out.close("tr");
    }

    fn write_cells(&self, out: &mut Markup) {
        for cell in &self.cells {
            let tag = cell.inside.tag();
            match tag {
                HEADING => out.open(
                    tag,
                    &[("class", cell.class), ("scope", "rowgroup"), ("colspan", "12")],
                ),
                _ => out.open(tag, &[("class", cell.class)]),
            }
            cell.inside.write(out);
            out.close(tag);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        nav::Nav,
        routes::url::Url,
        sample::{NOW, boot, sample_of, vm},
    };
    use leptos::prelude::*;
    use wxa_model::PowerState;
    use wxa_wire::sample_frame::{self, SampleRow};

    fn line(cx: Cx, id: VmId, marked: &[VmId]) -> Line {
        let about = About {
            selected: None,
            marked,
            pools: true,
        };
        Line::of(cx, id, &Use::of(cx, id), &about)
    }

    #[test]
    fn a_measurement_touches_only_the_cells_that_show_it() {
        Owner::new().with(|| {
            let id = vm(10, "web-01", PowerState::Running).id;
            let cx = Cx::new(boot(), Nav::new(Url::parse("/vms")));
            let before = line(cx, id, &[]);
            let sample = sample_of(77, 3);
            let later = wxa_model::UnixMillis(NOW.0 + 1000);
            let frame = sample_frame::encode(later, &[SampleRow::Vm(id, sample)]);
            assert!(cx.live.take_samples(&frame));
            cx.live.show_samples();
            let after = line(cx, id, &[]);
            assert!(before.is_like(&after));
            let cells = before.cells.iter().zip(&after.cells).enumerate();
            let changed: Vec<usize> = cells.filter(|(_, (a, b))| a != b).map(|(at, _)| at).collect();
            assert_eq!(changed, [5, 7, 8, 11], "CPU, disk, network, and the card's line");
        });
    }

    #[test]
    fn a_name_is_text_wherever_it_stands() {
        Owner::new().with(|| {
            let mut boot = boot();
            let mut named = vm(10, "<b>&\"", PowerState::Running);
            named.tags = vec!["<i>".into()];
            let id = named.id;
            if let Some(view) = &mut boot.inventory {
                view.objects.push(wxa_model::Object::Vm(named));
            }
            let cx = Cx::new(boot, Nav::new(Url::parse("/vms")));
            let mut all = Markup::new();
            line(cx, id, &[id]).write(&mut all);
            assert!(!all.as_str().contains("<b>&") && !all.as_str().contains("<i>"));
            assert!(
                all.as_str().contains(">&lt;b&gt;&amp;&quot;</a>"),
                "{}",
                all.as_str()
            );
        });
    }

    #[test]
    fn no_browser_ticks_a_box_by_itself() {
        Owner::new().with(|| {
            let id = vm(10, "web-01", PowerState::Running).id;
            let cx = Cx::new(boot(), Nav::new(Url::parse("/vms")));
            let mut all = Markup::new();
            line(cx, id, &[id]).write(&mut all);
            let field = r#"<input type="checkbox" autocomplete="off" aria-label="Mark web-01">"#;
            assert!(all.as_str().contains(field), "{}", all.as_str());
        });
    }
}
