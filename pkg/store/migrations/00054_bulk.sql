-- One change of many cases, as a job: what was ordered, and what came of each case.

-- +goose Up
create table bulk (
    id         uuid primary key,
    officer_id uuid not null references officer (id),
    kind       text not null constraint bulk_kind_check check (kind in ('assign', 'hand_over', 'note', 'follow_up', 'refer')),
    scope      text[] not null,
    asked_key  bytea,
    asked      bytea,
    state      text not null default 'queued'
        constraint bulk_state_check check (state in ('queued', 'running', 'done', 'cancelled', 'failed')),
    failure    text,
    total      int not null,
    changed    int not null default 0,
    refused    int not null default 0,
    attempts   int not null default 0,
    created_at timestamptz not null default clock_timestamp(),
    seen_at    timestamptz not null default clock_timestamp(),
    ended_at   timestamptz,
    constraint bulk_counts check (changed >= 0 and refused >= 0 and changed + refused <= total)
);
comment on column bulk.asked is 'sealed: the change of each case; it is forgotten when the order has ended';
create index bulk_of_officer on bulk (officer_id, id);
create index bulk_live on bulk (state, seen_at) where state in ('queued', 'running');

create table bulk_case (
    bulk_id uuid not null references bulk (id) on delete cascade,
    n       int not null,
    case_id uuid not null,
    version int not null,
    result  text not null default 'left' constraint bulk_case_result_check check (result in ('left', 'changed', 'refused')),
    became  int,
    refusal jsonb,
    primary key (bulk_id, n)
);
comment on column bulk_case.became is 'the version of the case after the change';
create index bulk_case_left on bulk_case (bulk_id, n) where result = 'left';
create index bulk_case_of on bulk_case (bulk_id, case_id);

grant select, insert on bulk, bulk_case to tanggap_app;
grant update (asked_key, asked, state, failure, total, changed, refused, attempts, seen_at, ended_at) on bulk to tanggap_app;
grant update (result, became, refusal) on bulk_case to tanggap_app;

-- +goose Down
drop table bulk_case, bulk;
