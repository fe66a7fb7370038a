//! How the page and the address bar stand to each other while code is on its way: pure.
//!
//! *Back* and *forward* move the address bar at once; the page follows when its code is there. Until then the bar is ahead, and whatever
//! is written into it would change the address of the page that is to come.

/// Where somebody asked to go, and whether the address bar is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Way {
    turn: u32,
    is_ahead: bool,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn(u32);

impl Way {
    /// Somebody asks to go elsewhere: those who asked before are given up.
    pub(super) fn ask(&mut self) -> Turn {
        self.turn = self.turn.wrapping_add(1);
        Turn(self.turn)
    }

    /// The address bar has moved, and the page is to follow.
    pub(super) fn moved(&mut self) -> Turn {
        self.is_ahead = true;
        self.ask()
    }

    /// Whether nobody asked since.
    pub(super) fn is_latest(self, turn: Turn) -> bool {
        turn == Turn(self.turn)
    }

    /// Page and address bar are at the same place again.
    pub(super) fn arrived(&mut self) {
        self.is_ahead = false;
    }

    /// Whether the address bar is where the page is, so that it may be written.
    pub(super) fn is_ours(self) -> bool {
        !self.is_ahead
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_while_a_page_is_on_its_way_back_stays_out_of_its_address() {
        let mut way = Way::default();
        assert!(way.is_ours());
        let back = way.moved();
        assert!(
            !way.is_ours(),
            "a filter that is typed now is of the page that is left"
        );
        assert!(way.is_latest(back));
        way.arrived();
        assert!(way.is_ours());
    }

    #[test]
    fn who_asks_last_goes_and_a_link_that_waits_leaves_the_address_bar_alone() {
        let mut way = Way::default();
        let link = way.ask();
        assert!(way.is_ours(), "the bar moves with the page");
        let back = way.moved();
        assert!(!way.is_latest(link) && way.is_latest(back));
        let other = way.ask();
        assert!(!way.is_latest(back) && way.is_latest(other));
        assert!(!way.is_ours(), "the bar is still where `back` moved it");
        way.arrived();
        assert!(way.is_ours());
    }
}
