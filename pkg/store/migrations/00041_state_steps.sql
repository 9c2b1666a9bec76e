-- Every entry says what it changes of the rows of its case or layoff, and seals are these steps added up: what somebody
-- changes between two entries gets no seal, whatever comes after.

-- +goose Up
create table state_step (
    of   uuid not null,
    seq  int not null,
    step bytea not null,
    primary key (of, seq)
);
comment on table state_step is 'no personal data: keyed digests of rows; they go when their entry gets its place in the log';
grant select, insert, delete on state_step to tanggap_app;

alter table state_seal add column sum bytea;
comment on column state_seal.sum is 'what the steps add up to, as far as the entry; null for a seal of rows that were read';
alter table state_columns add column since bigint, add column mac bytea;
comment on column state_columns.since is
    'the place in the log from which on every newest entry has a seal by steps under these columns';

-- +goose Down
delete from state_seal where sum is not null;
delete from state_columns c where since is not null and not exists (select from state_seal s where s.columns = c.id);
alter table state_columns drop column since, drop column mac;
alter table state_seal drop column sum;
drop table state_step;
