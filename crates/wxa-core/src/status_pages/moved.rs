//! What was picked goes on being picked under the ids that it has from now on, e.g. in another site.
use crate::{Core, Error};
use wxa_model::status::{Members, StatusPage};
use wxa_store::metrics::Renamed;

/// Somebody may save a page meanwhile: so often it is tried.
const TRIES: usize = 5;

impl Core {
    /// Puts new ids in the place of old ones, in what services consist of and in what is remembered of that.
    ///
    /// # Errors
    /// When the database does not answer; [`Error::Conflict`] when a page is saved all the time.
    pub(crate) async fn move_status_members(&self, renamed: &Renamed) -> Result<(), Error> {
        let store = &self.inner.store;
        let kept = &self.inner.status_pages;
        for _ in 0..TRIES {
            let mut missed = false;
            for page in store.status_page_list().await? {
                if let Some(moved) = moved(&page, renamed) {
                    missed |= !store.status_page_update(&page, &moved).await?;
                    kept.note_change();
                }
            }
            if !missed {
                let _turn = self.members_turn().await?;
                kept.known().rename(renamed);
                return Ok(());
            }
        }
        Err(super::check::changed_meanwhile())
    }
}

/// The page with the new ids; none where it has none of the old ones.
fn moved(page: &StatusPage, renamed: &Renamed) -> Option<StatusPage> {
    let mut moved = page.clone();
    for service in &mut moved.services {
        if let Members::Picked { vms, hosts } = &mut service.members {
            for vm in vms {
                *vm = renamed.vms.get(vm).copied().unwrap_or(*vm);
            }
            for host in hosts {
                *host = renamed.hosts.get(host).copied().unwrap_or(*host);
            }
        }
    }
    (moved != *page).then_some(moved)
}
