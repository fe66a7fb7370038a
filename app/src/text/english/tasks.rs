//! The texts about cancelling, and about what others do on pools: a part of the one table.

/// Makes the table of the texts given, those here and those about trust.
macro_rules! with_tasks {
    ($($before:tt)*) => {
        with_trust! {
            $($before)*

            // Cancelling.
            CancelTask "Cancel"
            CancelOf "Cancel: {name}"
            Cancelling "Cancelling…"
            TaskCancelled "Cancelled"
            CancelledWhy "Cancelled: {why}"
            CouldNotCancel "Could not cancel {name}: {what}"
            MayNotCancel "Your role does not let you cancel it: ask an administrator."

            // What others do on pools.
            ByXapi "XAPI: {who}"
            ByXapiOnly "XAPI"
            ByXapiMore "Not begun here: another console, the command line, or the pool by itself"
            BegunBy "Begun"
            BegunHere "Here"
            BegunElsewhere "On the pool"
            WorkMigrate "Migrate"
            WorkSnapshot "Take a snapshot of"
            WorkRevert "Revert"
            WorkCopy "Copy"
            WorkExport "Export"
            WorkImport "Import"
            WorkDestroy "Delete"
            DoingMigrate "Migrating"
            DoingSnapshot "Taking a snapshot"
            DoingRevert "Reverting"
            DoingCopy "Copying"
            DoingExport "Exporting"
            DoingImport "Importing"
            DoingDestroy "Deleting"
            WorkOnVm "{name}, {vm}"
            PoolTaskMore "Its pool tells of it for about an hour after its end; it is not kept here."
            CalledThere "In the pool's words"
            ReferenceThere "Reference"
        }
    };
}
