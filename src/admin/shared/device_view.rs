//! The devices on which a user has signed in, as screens list them.

use serde::Serialize;

use super::{
    admin_context::{AdminContext, When},
    known_device as device_cookie,
};
use crate::{
    error::Result,
    model::known_device::{self, KnownDevice},
};

#[derive(Serialize)]
pub(crate) struct DeviceView {
    id: i64,
    device: String,
    network: String,
    first: When,
    last: When,
    own: bool,
}

/// Those of the signed-in user.
pub(crate) async fn device_views(admin: &AdminContext) -> Result<Vec<DeviceView>> {
    let own = device_cookie::find_id(&admin.app, &admin.sender.headers, admin.user.id).unwrap_or_default();
    let view = |known: KnownDevice| DeviceView {
        id: known.id,
        first: admin.when(admin.app.clock.on_wall(known.first_seen_at)),
        last: admin.when(admin.app.clock.on_wall(known.last_seen_at)),
        device: known.device,
        network: known.network,
        own: known.own,
    };
    Ok(known_device::list(admin.app.read(), admin.user.id, &own).await?.into_iter().map(view).collect())
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    DeviceView { id, device, network, first, last, own }
}
