//! One lane per VM: one act at a time, and a power off beside one that waits for the guest.
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;
use wxa_model::{Action, Refusal, VmId};

#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    lanes: Arc<Mutex<HashMap<VmId, Lane>>>,
}

#[derive(Debug)]
struct Lane {
    /// In order of arrival: one, or a waiting one and the power off that overtakes it.
    acts: Vec<Action>,
    power_off: watch::Sender<PowerOff>,
}

/// How a power off in the lane stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PowerOff {
    None,
    Running,
    Done,
}

impl Lanes {
    pub fn reserve(
        &self,
        vm: VmId,
        action: Action,
        rule: impl FnOnce(Option<Action>) -> Result<(), Refusal>,
    ) -> Result<Slot, Refusal> {
        let mut lanes = self.lock();
        rule(lanes.get(&vm).and_then(|lane| lane.acts.last().copied()))?;
        let lane = lanes.entry(vm).or_insert_with(|| Lane {
            acts: Vec::with_capacity(2),
            power_off: watch::Sender::new(PowerOff::None),
        });
        lane.acts.push(action);
        if action == Action::VmPowerOff {
            lane.power_off.send_replace(PowerOff::Running);
        }
        Ok(Slot {
            power_off: lane.power_off.clone(),
            lanes: self.clone(),
            vm,
            action,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<VmId, Lane>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in a VM's lane, freed when it is dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    lanes: Lanes,
    vm: VmId,
    action: Action,
    power_off: watch::Sender<PowerOff>,
}

impl Slot {
    /// Tells the act that was overtaken, if any, that the VM was powered off.
    pub fn powered_off(&self) {
        self.power_off.send_replace(PowerOff::Done);
    }

    /// Resolves when another act has powered the VM off; never for a power off itself.
    pub async fn overtaken(&self) {
        if self.action == Action::VmPowerOff {
            std::future::pending::<()>().await;
        }
        self.wait_for(PowerOff::Done).await;
    }

    /// Waits for the end of a power off that is under way, and tells whether it was done.
    pub async fn was_overtaken(&self) -> bool {
        if self.action == Action::VmPowerOff {
            return false;
        }
        let mut state = self.power_off.subscribe();
        let settled = state
            .wait_for(|state| *state != PowerOff::Running)
            .await
            .map(|state| *state);
        settled.is_ok_and(|state| state == PowerOff::Done)
    }

    async fn wait_for(&self, wanted: PowerOff) {
        // The sender is ours too, so the channel is open.
        let _ = self
            .power_off
            .subscribe()
            .wait_for(|state| *state == wanted)
            .await;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut lanes = self.lanes.lock();
        let Some(lane) = lanes.get_mut(&self.vm) else {
            return;
        };
        if let Some(at) = lane.acts.iter().position(|action| *action == self.action) {
            lane.acts.remove(at);
        }
        if self.action == Action::VmPowerOff {
            lane.power_off.send_if_modified(|state| {
                let failed = *state == PowerOff::Running;
                if failed {
                    *state = PowerOff::None;
                }
                failed
            });
        }
        if lane.acts.is_empty() {
            lanes.remove(&self.vm);
        }
    }
}
