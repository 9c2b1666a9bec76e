-- Layoffs, workers, cases and their history. Every table with a worker's data carries the region of the office that
-- has custody, and shows a row only inside the range that the running transaction was given (tanggap.lo, tanggap.hi).

-- +goose Up
-- +goose StatementBegin
create function in_scope(region text) returns boolean language sql stable parallel safe
as $$
    -- Several grants: the range is their hull, and the exact list of regencies stands in tanggap.only.
    select coalesce(nullif(current_setting('tanggap.only', true), ''), region) = region
        or region = any (string_to_array(current_setting('tanggap.only', true), ','))
$$;
-- +goose StatementEnd

create table employer (
    id     uuid primary key,
    region text collate "C" not null references region (code),
    nib    text check (nib ~ '^[0-9]{13}$'),
    name   text not null check (length(name) between 1 and 200),
    name_key text not null,
    kbli   text,
    kbli_edition text,
    created_at timestamptz not null default now()
);
create unique index employer_nib on employer (nib, region) where nib is not null;
create unique index employer_name on employer (region, name_key) where nib is null;

create table layoff (
    id           uuid primary key,
    region       text collate "C" not null references region (code),
    employer_id  uuid not null references employer (id),
    reference    text not null default '',
    reason       text not null,
    planned_on   date,
    notified_on  date,
    people_planned int check (people_planned > 0),
    reported_by  uuid not null references officer (id),
    created_at   timestamptz not null default now(),
    version      int not null default 1,
    constraint layoff_once unique (employer_id, reference)
);
create index layoff_region on layoff (region, id);

-- A worker across cases and offices: nothing here says where. The wrapped key opens the worker's sealed data;
-- destroying it erases them.
create table worker (
    id         uuid primary key,
    nik_hash   bytea not null constraint worker_nik unique check (octet_length(nik_hash) = 16),
    data_key   bytea,
    created_at timestamptz not null default now()
);

create table cases (
    id         uuid primary key,
    region     text collate "C" not null references region (code) check (length(region) = 4),
    province   text collate "C" not null generated always as (substr(region, 1, 2)) stored,
    worker_id  uuid not null references worker (id),
    layoff_id  uuid references layoff (id),
    officer_id uuid references officer (id),
    stage      text not null check (stage in ('intake', 'benefit', 'training', 'placement', 'closed')),
    outcome    text check (outcome in ('placed', 'self_employed', 'rehired', 'withdrawn', 'unreachable', 'deceased', 'moved_abroad', 'duplicate')),
    terminated_on date not null,
    opened_on  date not null,
    closed_on  date,
    due_on     date,
    due_for    text,
    claim_state text not null default 'none',
    version    int not null check (version > 0),
    head       bytea not null check (octet_length(head) = 32),
    updated_at timestamptz not null,
    constraint cases_closed check ((stage = 'closed') = (outcome is not null) and (stage = 'closed') = (closed_on is not null)),
    constraint cases_due_named check ((due_on is null) = (due_for is null) and (stage <> 'closed' or due_on is null))
) with (fillfactor = 85);
comment on column cases.updated_at is 'recorded_at of the newest history entry; never runs backwards within a case';
create unique index cases_region on cases (region, id);
create unique index cases_one_open on cases (worker_id) where closed_on is null;
create index cases_worker on cases (worker_id);
create index cases_province on cases (province, id);
create index cases_stage on cases (region, stage, id);
create index cases_officer on cases (officer_id, id);
-- No index on updated_at: it would make every update touch every index. "Updated since" asks the history instead.
create index cases_due on cases (region, due_on, id) where due_on is not null;
create index cases_due_everywhere on cases (due_on, id) where due_on is not null;
create index cases_layoff on cases (layoff_id, id);

-- The person as this case knows them. NIK, contacts and wage are sealed under the worker's key.
create table case_worker (
    case_id    uuid primary key,
    region     text collate "C" not null,
    name       text not null,
    name_key   text not null,
    nik_hash   bytea not null,
    nik_tail   text not null,
    birth_date date,
    sex        text check (sex in ('male', 'female')),
    position   text not null default '',
    employer   text not null default '',
    sealed     bytea not null,
    constraint case_worker_case foreign key (region, case_id) references cases (region, id) on update cascade
);
create index case_worker_nik on case_worker (nik_hash);
create index case_worker_name on case_worker using gin (region, name_key gin_trgm_ops);

-- One chain per case. The hash covers everything but region, which only says who may read the entry today.
create table case_history (
    case_id     uuid not null,
    seq         int not null check (seq > 0),
    region      text collate "C" not null,
    kind        text not null,
    actor       uuid not null,
    occurred_on date not null,
    recorded_at timestamptz not null,
    payload     text not null,
    prev_hash   bytea not null check (octet_length(prev_hash) = 32),
    hash        bytea not null check (octet_length(hash) = 32),
    primary key (case_id, seq),
    constraint case_history_case foreign key (region, case_id) references cases (region, id) on update cascade
        deferrable initially deferred
);

create index case_history_recorded on case_history using brin (recorded_at);

-- No history, no write: the version of a case is the number of its newest entry.
alter table cases add constraint cases_history foreign key (id, version) references case_history (case_id, seq)
    deferrable initially deferred;

-- The canonical encoding of pkg/audit: what the verifier recomputes from an export.
-- +goose StatementBegin
create function history_hash(prev bytea, case_id uuid, seq int, kind text, actor uuid, occurred_on date, recorded_at timestamptz, payload text)
    returns bytea language sql immutable parallel safe
as $$
    select sha256('tanggap-history-v1'::bytea || prev || uuid_send(case_id) || int4send(seq)
        || int4send(octet_length(kind)) || convert_to(kind, 'UTF8') || uuid_send(actor)
        || date_send(occurred_on) || timestamptz_send(recorded_at)
        || int4send(octet_length(payload)) || convert_to(payload, 'UTF8'))
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function refuse() returns trigger language plpgsql as $$
begin
    raise exception '%', tg_argv[0] using errcode = 'TG001', constraint = tg_argv[0], table = tg_table_name;
end $$;
-- +goose StatementEnd

-- The published state machine (casework.Transitions) stands here a second time; a test walks all pairs through both.
create trigger cases_transition before update of stage on cases for each row
    when (old.stage <> new.stage and (old.stage, new.stage) not in (
        ('intake', 'benefit'), ('intake', 'training'), ('intake', 'placement'), ('intake', 'closed'),
        ('benefit', 'training'), ('benefit', 'placement'), ('benefit', 'closed'),
        ('training', 'benefit'), ('training', 'placement'), ('training', 'closed'),
        ('placement', 'benefit'), ('placement', 'training'), ('placement', 'closed'),
        ('closed', 'intake'), ('closed', 'benefit'), ('closed', 'training'), ('closed', 'placement')))
    execute function refuse('cases_transition');
create trigger cases_immutable before update on cases for each row
    when (new.version <> old.version + 1 or new.updated_at <= old.updated_at or new.id <> old.id
        or new.worker_id <> old.worker_id or new.opened_on <> old.opened_on)
    execute function refuse('cases_immutable');
-- Custody may move an entry's region (through the cascade); nothing else of it may ever change.
create trigger case_history_append_only before update on case_history for each row
    when ((old.case_id, old.seq, old.kind, old.actor, old.occurred_on, old.recorded_at, old.payload, old.prev_hash, old.hash)
        is distinct from (new.case_id, new.seq, new.kind, new.actor, new.occurred_on, new.recorded_at, new.payload, new.prev_hash, new.hash))
    execute function refuse('case_history_append_only');
create trigger case_history_no_delete before delete on case_history for each row execute function refuse('case_history_append_only');
create trigger case_history_no_truncate before truncate on case_history for each statement execute function refuse('case_history_append_only');

-- +goose StatementBegin
do $$
declare t text;
begin
    foreach t in array array['layoff', 'cases', 'case_worker', 'case_history', 'employer'] loop
        execute format('alter table %I enable row level security, force row level security', t);
        execute format($p$create policy scope on %I to tanggap_app
            using (region >= current_setting('tanggap.lo', true) and region < current_setting('tanggap.hi', true) and in_scope(region))$p$, t);
        -- The owner role has no login; it runs only the functions below and the migrations.
        execute format('create policy owner on %I to tanggap_owner using (true)', t);
    end loop;
end $$;
-- +goose StatementEnd
alter table worker enable row level security, force row level security;
create policy owner on worker to tanggap_owner using (true);
create policy scope on worker to tanggap_app using (exists (select from cases c where c.worker_id = worker.id));

-- Registers workers by the keyed hashes of their NIKs, or finds those already known, in the order given. Rows are taken
-- in the order of their hashes so that two lists with the same people cannot wait for each other.
-- +goose StatementBegin
create function register_workers(ids uuid[], hashes bytea[], wrapped bytea[])
    returns table (n int, worker_id uuid, data_key bytea, open_case boolean)
    language plpgsql volatile security definer set search_path = public, pg_temp
as $$
begin
    insert into worker (id, nik_hash, data_key)
        select distinct on (g.hash) g.id, g.hash, g.wrapped
        from unnest(ids, hashes, wrapped) as g (id, hash, wrapped) order by g.hash
        on conflict (nik_hash) do nothing;
    return query
        select g.n::int, w.id, w.data_key,
               exists (select from cases c where c.worker_id = w.id and c.closed_on is null)
        from unnest(hashes) with ordinality as g (hash, n) join worker w on w.nik_hash = g.hash order by g.n;
end $$;
-- +goose StatementEnd

-- Names are found through a GIN index, which row security would switch off: the function applies the same range itself,
-- taken from the transaction and never from the caller's arguments.
-- +goose StatementBegin
create function search_name(wanted text, most int) returns table (case_id uuid, score real)
    language sql stable security definer set search_path = public, pg_temp
    set pg_trgm.word_similarity_threshold = 0.5
as $$
    with hit as materialized (
        select w.case_id, word_similarity(wanted, w.name_key) as score from case_worker w
        where w.region >= current_setting('tanggap.lo', true) and w.region < current_setting('tanggap.hi', true)
          and wanted <% w.name_key
    )
    select h.case_id, h.score from hit h join case_worker w on w.case_id = h.case_id
    where in_scope(w.region) order by h.score desc, h.case_id desc limit least(most, 200)
$$;
-- +goose StatementEnd
revoke execute on function register_workers, search_name from public;
grant execute on function register_workers, search_name to tanggap_app;

grant select on worker to tanggap_app;
grant select, insert on employer, layoff, cases, case_worker, case_history to tanggap_app;
grant update (stage, outcome, officer_id, closed_on, due_on, due_for, claim_state, version, head, updated_at) on cases to tanggap_app;
grant update (name, name_key, birth_date, sex, position, employer, sealed) on case_worker to tanggap_app;
grant update (reason, planned_on, notified_on, people_planned, version) on layoff to tanggap_app;

-- +goose Down
drop function search_name, register_workers;
alter table cases drop constraint cases_history;
drop table case_history, case_worker, cases;
drop table worker, layoff, employer;
drop function refuse, history_hash, in_scope;
