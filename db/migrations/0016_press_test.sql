-- test 1: pressed to try the point; withdrawn in the transaction that stored the press, so that it
-- was never counted.
alter table signal_undo add column test {int} not null default 0;
