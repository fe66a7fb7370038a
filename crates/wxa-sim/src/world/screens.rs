//! The screens of guests, by the ports that their emulators listen at.

use super::World;

/// A guest's screen.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) domid: u32,
    pub(crate) name: String,
    /// Empty for none.
    pub(crate) password: String,
}

impl World {
    /// What is shown at a port of the host's own.
    pub(crate) fn shown_at(&self, port: u16) -> Option<Shown> {
        let mut domains = self.domains.values();
        let domain = domains.find(|domain| domain.vnc_port == Some(port))?;
        let display = domain.config.display.as_ref()?;
        Some(Shown {
            domid: domain.domid,
            name: domain.name.clone(),
            password: display.password.clone(),
        })
    }
}
