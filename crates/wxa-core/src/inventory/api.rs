//! Reading the inventory.
use super::{IndexBase, IndexFeed, InventoryFeed, View};
use crate::{Core, Ctx};
use std::sync::Arc;

impl Core {
    /// Everything the caller may see, as one consistent picture.
    pub fn inventory_view(&self, ctx: &Ctx) -> View {
        let published = self.live().inventory.now();
        View {
            epoch: published.epoch,
            revision: published.revision,
            now: self.now(),
            objects: published.view(&ctx.grants),
        }
    }

    /// The inventory as a stream, going on from `(epoch, revision)` where that is still possible.
    pub fn inventory_feed(&self, ctx: &Ctx, from: Option<(u64, u64)>) -> InventoryFeed {
        InventoryFeed::new(self.live().inventory.watch(), ctx.grants.clone(), from)
    }

    /// Everything the caller may see, with VMs in brief.
    pub fn index_view(&self, ctx: &Ctx) -> Arc<IndexBase> {
        let inventory = &self.live().inventory;
        inventory.shared().base(&inventory.now(), None, &ctx.grants)
    }

    /// The same as a stream, going on from `(epoch, revision)` where that is still possible.
    pub fn index_feed(&self, ctx: &Ctx, from: Option<(u64, u64)>) -> IndexFeed {
        let inventory = &self.live().inventory;
        IndexFeed::new(inventory.watch(), inventory.shared(), ctx.grants.clone(), from)
    }

    /// A VM in full; none where the caller cannot see it.
    pub fn vm_seen(&self, ctx: &Ctx, id: wxa_model::VmId) -> Option<wxa_model::Vm> {
        let published = self.live().inventory.now();
        let (vm, _) = published.vm(id)?;
        published
            .sees(&ctx.grants, wxa_model::Key::Vm(id))
            .then(|| vm.clone())
    }
}
