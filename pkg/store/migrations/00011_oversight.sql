-- What stands over casework: legal holds and erasure, emergency access, and the auditors' samples and findings.

-- +goose Up
create table legal_hold (
    case_id uuid primary key,
    region  text collate "C" not null,
    set_on  date not null,
    constraint legal_hold_case foreign key (region, case_id) references cases (region, id) on update cascade
);

create table erasure (
    case_id      uuid primary key,
    region       text collate "C" not null,
    state        text not null check (state in ('requested', 'refused', 'done')),
    requested_by uuid not null references officer (id),
    decided_by   uuid references officer (id),
    constraint erasure_case foreign key (region, case_id) references cases (region, id) on update cascade,
    constraint erasure_four_eyes check (decided_by is distinct from requested_by)
);

create table finding (
    id         uuid primary key,
    case_id    uuid not null,
    region     text collate "C" not null,
    sample_id  uuid,
    severity   text not null check (severity in ('note', 'minor', 'major')),
    state      text not null check (state in ('open', 'answered', 'settled')),
    found_by   uuid not null references officer (id),
    found_at   timestamptz not null default clock_timestamp(),
    finding    bytea not null,
    answered_by uuid references officer (id),
    answered_at timestamptz,
    answer     bytea,
    settled_by uuid references officer (id),
    settled_at timestamptz,
    constraint finding_case foreign key (region, case_id) references cases (region, id) on update cascade
);
create index finding_of_case on finding (case_id);
comment on column finding.finding is 'sealed under the key of the worker: what an auditor writes of a person is personal';

-- +goose StatementBegin
do $$
declare t text;
begin
    foreach t in array array['legal_hold', 'erasure', 'finding'] loop
        execute format('alter table %I enable row level security, force row level security', t);
        execute format($p$create policy scope on %I to tanggap_app using (
            region >= (select current_setting('tanggap.lo', true)) and region < (select current_setting('tanggap.hi', true))
            and ((select current_setting('tanggap.only', true)) = ''
                or region = any ((select string_to_array(current_setting('tanggap.only', true), ','))::text[])))$p$, t);
        execute format('create policy owner on %I to tanggap_owner using (true)', t);
    end loop;
end $$;
-- +goose StatementEnd

create table sample (
    id           uuid primary key,
    officer_id   uuid not null references officer (id),
    scope        text[] not null,
    asked        jsonb not null,
    as_of        bigint not null,
    frame_size   int not null,
    frame_digest bytea not null check (octet_length(frame_digest) = 32),
    cases        uuid[] not null,
    created_at   timestamptz not null default clock_timestamp()
);
create index sample_of_officer on sample (officer_id, id);

create table emergency (
    id          uuid primary key,
    officer_id  uuid not null references officer (id),
    region      text collate "C" not null references region (code),
    reason      text not null check (length(reason) between 1 and 1000),
    opened_at   timestamptz not null default clock_timestamp(),
    until       timestamptz not null,
    verdict     text check (verdict in ('justified', 'unjustified')),
    remark      text,
    reviewed_by uuid references officer (id),
    reviewed_at timestamptz,
    constraint emergency_short check (until <= opened_at + interval '60 minutes'),
    constraint emergency_four_eyes check (reviewed_by is distinct from officer_id)
);
create index emergency_of_officer on emergency (officer_id, until);

-- Why the worker of a case cannot be erased now, wherever their cases are: the owner looks, for the caller may not see them.
-- +goose StatementBegin
create function erasure_obstacle(of uuid) returns text language sql stable security definer set search_path = public, pg_temp as $$
    select case
        when w.data_key is null then 'erased'
        when exists (select from cases c where c.worker_id = w.id and not (c.region >= current_setting('tanggap.lo', true) and c.region < current_setting('tanggap.hi', true))) then 'elsewhere'
        when exists (select from cases c where c.worker_id = w.id and c.stage <> 'closed') then 'open'
        when exists (select from cases c join legal_hold h on h.case_id = c.id where c.worker_id = w.id) then 'held'
        else '' end
    from worker w join cases c on c.worker_id = w.id where c.id = of
$$;

-- Destroys the key of the worker and takes what is kept in clear out of every table. Histories stay as they are: of what is
-- sealed in them nothing can be opened any more. The worker's other cases get an entry of their own.
create function erase_worker(of uuid, by uuid, at timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare w uuid; mine uuid[]; c record; h bytea;
begin
    if erasure_obstacle(of) <> '' then
        raise exception 'erasure_obstacle' using errcode = 'TG001', constraint = 'erasure_obstacle', table = 'worker';
    end if;
    select worker_id into w from cases where id = of;
    select array_agg(id) into mine from cases where worker_id = w;
    update worker set data_key = null, nik_hash = substr(sha256(uuid_send(gen_random_uuid())), 1, 16) where id = w;
    update case_worker set name = '', name_key = '', nik_hash = '', nik_tail = '', birth_date = null, sex = null, position = '', employer = '', sealed = '' where case_id = any (mine);
    update claim set facts = '{}', decision = '' where case_id = any (mine);
    update training set provider = '', programme = '', unit = '' where case_id = any (mine);
    update certificate set number = id::text, issuer = '', scheme = '' where case_id = any (mine);
    update application set employer = '', position = '', channel = '' where case_id = any (mine);
    update placement set employer = '', position = '' where case_id = any (mine);
    update response set document = '' where case_id = any (mine);
    update finding set finding = '', answer = null where case_id = any (mine);
    -- The employer's file names others too, and has done its work: it goes as a whole.
    update intake set file = '', file_key = '' where id in (select intake_id from intake_row where case_id = any (mine));
    update intake_row set name = '', nik_tail = '', nik_hash = null, sealed = null, reasons = '[]' where case_id = any (mine);
    update export set state = 'expired', version = version + 1 where state = 'ready' and id in (select export_id from export_case where cases && mine);
    for c in select * from cases where worker_id = w and id <> of for update loop
        h := history_hash(c.head, c.id, c.version + 1, 'worker.erased', by, at::date, greatest(at, c.updated_at + interval '1 microsecond'), '{}');
        insert into case_history (case_id, seq, region, kind, actor, occurred_on, recorded_at, payload, prev_hash, hash)
            values (c.id, c.version + 1, c.region, 'worker.erased', by, at::date, greatest(at, c.updated_at + interval '1 microsecond'), '{}', c.head, h);
        update cases set version = c.version + 1, head = h, updated_at = greatest(at, c.updated_at + interval '1 microsecond') where id = c.id;
    end loop;
end $$;
-- +goose StatementEnd
revoke execute on function erasure_obstacle, erase_worker from public;
grant execute on function erasure_obstacle, erase_worker to tanggap_app;

grant select, insert, delete on legal_hold to tanggap_app;
grant select, insert on erasure, finding, sample, emergency to tanggap_app;
grant update (state, requested_by, decided_by) on erasure to tanggap_app;
grant update (state, answered_by, answered_at, answer, settled_by, settled_at) on finding to tanggap_app;
grant update (verdict, remark, reviewed_by, reviewed_at, until) on emergency to tanggap_app;

-- +goose Down
drop function erase_worker, erasure_obstacle;
drop table emergency, sample, finding, erasure, legal_hold;
