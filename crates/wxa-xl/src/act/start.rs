//! Starting a VM from its definition.
use super::{Act, refused};
use crate::parse::printable;
use std::time::Duration;
use wxa_driver::Error;

/// Disks and scripts may take their time.
const CREATE: Duration = Duration::from_secs(180);

impl Act<'_> {
    pub(super) async fn start(&self) -> Result<(), Error> {
        let vm = &self.sighting.vm;
        if self.sighting.domid.is_some() {
            return Err(refused("running", format!("{} is already running.", vm.name)));
        }
        let Some(path) = vm.config_path.as_deref() else {
            return Err(refused(
                "no_definition",
                format!("{} has no definition file to start it from.", vm.name),
            ));
        };
        if let Some(problem) = &vm.config_problem {
            return Err(refused(
                "broken_definition",
                format!("The definition {} cannot be read: {problem}.", printable(path)),
            ));
        }
        self.step(format!("Creating {} from {}", vm.name, printable(path)));
        self.host.starts(&self.sighting.name, path);
        self.xl("Starting", &["xl", "create", path], CREATE).await
    }
}
