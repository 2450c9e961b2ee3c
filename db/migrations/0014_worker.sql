-- A running job names the program that looks, and that program gives a sign of life while it does:
-- so another one can tell a dead program from a slow lease, without waiting for the lease.
create table worker (
    id {int} primary key,
    beats {int} not null,
    seen_at {int} not null
){strict};
alter table job add column worker_id {int};
