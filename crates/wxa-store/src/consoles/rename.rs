//! The same VMs under new ids: their tapes come along.
use super::ConsoleStore;
use crate::Error;
use wxa_model::{HostId, VmId};

impl ConsoleStore {
    /// Gives the tapes of VMs to their new ids, in one transaction. One that has a tape under its new id keeps that one.
    ///
    /// # Errors
    /// When the database cannot be written: nothing is changed then.
    pub async fn rename(&self, vms: &[(VmId, VmId)], hosts: &[(HostId, HostId)]) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        for (from, to) in vms {
            sqlx::query("update or ignore console_tape set vm = ? where vm = ?")
                .bind(to.to_string())
                .bind(from.to_string())
                .execute(&mut *tx)
                .await?;
        }
        for (from, to) in hosts {
            sqlx::query("update or ignore console_place set host = ? where host = ?")
                .bind(to.to_string())
                .bind(from.to_string())
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
