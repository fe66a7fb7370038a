//! Saved filters.
use wxa_core::{Error, NewFilter};
use wxa_model::SavedFilter;
use wxa_wire::{FilterParams, operation as op};

use super::Call;

pub(super) async fn filter_list(call: Call<op::FilterList>) -> Result<Vec<SavedFilter>, Error> {
    call.app.core.filter_list(&call.ctx).await
}

pub(super) async fn filter_save(call: Call<op::FilterSave>) -> Result<SavedFilter, Error> {
    call.app.core.filter_save(&call.ctx, new(call.params)).await
}

pub(super) async fn filter_set(call: Call<op::FilterSet>) -> Result<(), Error> {
    call.app
        .core
        .filter_set(&call.ctx, call.id, new(call.params))
        .await
}

pub(super) async fn filter_delete(call: Call<op::FilterDelete>) -> Result<(), Error> {
    call.app.core.filter_delete(&call.ctx, call.id).await
}

fn new(params: FilterParams) -> NewFilter {
    NewFilter {
        name: params.name,
        page: params.page,
        query: params.query,
        share: params.share,
    }
}
