//! Reading the inventory.
use super::{InventoryFeed, View};
use crate::{Core, Ctx};

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
}
