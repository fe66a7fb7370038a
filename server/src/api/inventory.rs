//! Reading the inventory.
use wxa_core::Error;
use wxa_wire::{InventoryView, operation as op};

use super::Call;

pub(super) async fn inventory_get(call: Call<op::InventoryGet>) -> Result<InventoryView, Error> {
    let view = call.app.core.inventory_view(&call.ctx);
    Ok(InventoryView {
        epoch: view.epoch,
        revision: view.revision,
        now: view.now,
        objects: view.objects,
    })
}
