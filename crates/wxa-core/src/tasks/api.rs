//! Reading tasks, and the commands an administrator would type.
use super::Step;
use crate::{AuditEntry, AuditFilter, Core, Ctx, Error, inventory::Published};
use wxa_model::{
    Action, HostId, Key, Permission, Refusal, RefusalCode, Task, TaskId, VmAct, VmId, VmPlace, rules,
};
use wxa_store::{TaskFilter, TaskRecord};

/// The most tasks that are listed at once.
const LIST_MOST: u32 = 1000;
/// How many records are looked at at once, and how often, to fill one page of somebody who sees few of them.
const BATCH: u32 = 500;
const BATCHES: u32 = 20;

/// Some tasks, and where to go on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskPage {
    /// Newest first.
    pub tasks: Vec<Task>,
    /// The `before` of the next page; none when there is nothing older.
    pub next: Option<u64>,
}

/// All that is known of a task.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskDetails {
    /// The task, as it is now.
    pub task: Task,
    /// The steps it went through, once it has ended.
    pub steps: Vec<Step>,
    /// The audit row of the act, for those who may read the log.
    pub audit: Option<AuditEntry>,
}

impl Core {
    /// Tasks on what the caller may see, newest first: running ones as they are now, others as they were recorded.
    /// At most `limit`, never more than 1000; a page may hold fewer although there are older ones.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn task_page(&self, ctx: &Ctx, filter: &TaskFilter, limit: u32) -> Result<TaskPage, Error> {
        let limit = usize::try_from(limit.clamp(1, LIST_MOST)).unwrap_or(usize::MAX);
        let published = self.live().inventory.now();
        let mut page = TaskPage::default();
        let mut filter = filter.clone();
        for _ in 0..BATCHES {
            let records = self.inner.store.task_page(&filter, BATCH).await?;
            let is_last = records.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
            for record in records {
                let number = record.number;
                if sees(ctx, &published, &record.task) {
                    if page.tasks.len() == limit {
                        page.next = filter.before;
                        return Ok(page);
                    }
                    page.tasks.push(as_it_is(record, &published));
                }
                filter.before = Some(number);
            }
            if is_last {
                return Ok(page);
            }
        }
        page.next = filter.before;
        Ok(page)
    }

    /// The newest tasks on what the caller may see; see [`Core::task_page`].
    ///
    /// # Errors
    /// As there.
    pub async fn task_list(&self, ctx: &Ctx, limit: u32) -> Result<Vec<Task>, Error> {
        let page = self.task_page(ctx, &TaskFilter::default(), limit).await?;
        Ok(page.tasks)
    }

    /// All that is known of one task.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a task; when the database does not answer.
    pub async fn task_get(&self, ctx: &Ctx, id: TaskId) -> Result<TaskDetails, Error> {
        let store = &self.inner.store;
        let record = store.task_get(id).await?.ok_or(Error::NotFound)?;
        let published = self.live().inventory.now();
        if !sees(ctx, &published, &record.task) {
            return Err(Error::NotFound);
        }
        let audit = match record.audit {
            Some(id) if ctx.require_installation(Permission::Administer).is_ok() => {
                let filter = AuditFilter {
                    id: Some(id),
                    ..AuditFilter::default()
                };
                self.audit_list(ctx, filter).await?.pop()
            }
            _ => None,
        };
        Ok(TaskDetails {
            steps: store.task_steps(id).await?,
            task: as_it_is(record, &published),
            audit,
        })
    }

    /// The commands an administrator would type on the host for each action on the VM.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a VM.
    pub fn vm_commands(&self, ctx: &Ctx, vm: VmId) -> Result<Vec<(Action, String)>, Error> {
        self.vm_commands_on(ctx, vm, None)
    }

    /// The same, with the member on which it is to start or resume.
    ///
    /// # Errors
    /// As for [`Core::vm_commands`].
    pub fn vm_commands_on(
        &self,
        ctx: &Ctx,
        vm: VmId,
        on: Option<HostId>,
    ) -> Result<Vec<(Action, String)>, Error> {
        let published = self.live().inventory.now();
        let (shown, _) = published.vm(vm).ok_or(Error::NotFound)?;
        if !published.sees(&ctx.grants, Key::Vm(vm)) {
            return Err(Error::NotFound);
        }
        let (host, _) = published.host(shown.host).ok_or(Error::NotFound)?;
        let Some(driver) = self.live().hosts.driver(host.reached_through()) else {
            return Ok(Vec::new());
        };
        Ok(Action::offered(host.kind)
            .iter()
            .copied()
            .filter_map(|action| {
                let on = on.filter(|on| action.takes_place() && published.sees(&ctx.grants, Key::Host(*on)));
                let act = VmAct {
                    on,
                    ..VmAct::new(action, vm)
                };
                Some((action, driver.equivalent_command(act)?))
            })
            .collect())
    }
}

impl Core {
    /// On which hosts of its pool a VM that does not run could start or resume now, and the pool's reason for each of the
    /// others. The pool is asked each time.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a VM, [`Error::Forbidden`] when it may not act on it,
    /// [`Error::Conflict`] when there is nothing to choose from or the pool is not connected, [`Error::HostUnavailable`] when
    /// the pool does not say.
    pub async fn vm_places(&self, ctx: &Ctx, vm: VmId) -> Result<Vec<VmPlace>, Error> {
        let published = self.live().inventory.now();
        let (shown, place) = published.vm(vm).ok_or(Error::NotFound)?;
        if !published.sees(&ctx.grants, Key::Vm(vm)) {
            return Err(Error::NotFound);
        }
        if !ctx.may(Permission::Operate, &place.target()) {
            return Err(Error::Forbidden);
        }
        let (host, _) = published.host(shown.host).ok_or(Error::NotFound)?;
        rules::has_places(host).map_err(Error::Conflict)?;
        let driver = self.live().hosts.driver(host.reached_through());
        let driver = driver.ok_or_else(|| {
            let sentence = format!("{} is not connected.", host.name);
            Error::Conflict(Refusal::new(RefusalCode::HostDown, sentence))
        })?;
        let mut places = driver.places(vm).await?;
        places.retain(|place| published.sees(&ctx.grants, Key::Host(place.host)));
        Ok(places)
    }
}

/// What the inventory knows of a task is newer than its record.
fn as_it_is(record: TaskRecord, published: &Published) -> Task {
    published.task(record.task.id).cloned().unwrap_or(record.task)
}

pub(super) fn sees(ctx: &Ctx, published: &Published, task: &Task) -> bool {
    let key = if published.vm(task.vm).is_some() {
        Key::Vm(task.vm)
    } else {
        Key::Host(task.host)
    };
    // A task on a host that is not there any more concerns only those who see everything.
    published.sees(&ctx.grants, key) || ctx.require_installation(Permission::View).is_ok()
}
