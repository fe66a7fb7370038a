//! Reading tasks, and the commands an administrator would type.
use crate::{Core, Ctx, Error};
use std::collections::HashSet;
use wxa_model::{Action, Key, Permission, Task, VmId};

/// The most tasks that are listed.
const LIST_MOST: u32 = 1000;

impl Core {
    /// Recent tasks on what the caller may see, newest first: running ones as they are now, then older ones as they
    /// were recorded. At most `limit`, never more than 1000.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn task_list(&self, ctx: &Ctx, limit: u32) -> Result<Vec<Task>, Error> {
        let limit = limit.min(LIST_MOST);
        let recorded = self.inner.store.task_list(limit).await?;
        let published = self.live().inventory.now();
        let mut tasks: Vec<Task> = published.tasks().cloned().collect();
        let live: HashSet<_> = tasks.iter().map(|task| task.id).collect();
        tasks.extend(recorded.into_iter().filter(|task| !live.contains(&task.id)));
        tasks.retain(|task| {
            let key = if published.vm(task.vm).is_some() {
                Key::Vm(task.vm)
            } else {
                Key::Host(task.host)
            };
            // A task on a host that is not there any more concerns only those who see everything.
            published.sees(&ctx.grants, key) || ctx.require_installation(Permission::View).is_ok()
        });
        tasks.sort_by_key(|task| std::cmp::Reverse(task.started_at));
        tasks.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(tasks)
    }

    /// The commands an administrator would type on the host for each action on the VM.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a VM.
    pub fn vm_commands(&self, ctx: &Ctx, vm: VmId) -> Result<Vec<(Action, String)>, Error> {
        let published = self.live().inventory.now();
        let (shown, _) = published.vm(vm).ok_or(Error::NotFound)?;
        if !published.sees(&ctx.grants, Key::Vm(vm)) {
            return Err(Error::NotFound);
        }
        let Some(driver) = self.live().hosts.driver(shown.host) else {
            return Ok(Vec::new());
        };
        let commands = Action::ALL.into_iter();
        Ok(commands
            .filter_map(|action| Some((action, driver.equivalent_command(action, vm)?)))
            .collect())
    }
}
