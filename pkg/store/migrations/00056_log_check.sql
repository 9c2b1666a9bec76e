-- When the whole database was held against what was published, by whom, and what came of it: a note for auditors.

-- +goose Up
create table log_check (
    id          bigint generated always as identity primary key,
    checked_at  timestamptz not null default clock_timestamp(),
    checked_by  text not null,
    result      text not null constraint log_check_result_check check (result in ('proved', 'changed', 'unproved')),
    entries     bigint not null,
    checkpoints bigint not null
);
comment on column log_check.checked_by is 'account and machine of whoever gave the command';
grant select, insert on log_check to tanggap_app;

-- +goose Down
drop table log_check;
