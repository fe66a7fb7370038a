-- What a hypervisor calls a task. With it a server that was stopped in the middle goes on waiting where it left off.

alter table task add column native text; -- null: it has no name for it, as plain Xen
