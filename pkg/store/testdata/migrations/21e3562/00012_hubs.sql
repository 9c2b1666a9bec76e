-- The hubs: classes and their days, Prakerja cards, assessments, vacancies and what is made of them, businesses, AK-1 cards;
-- and the work of two offices on one worker. Everything inside a case changes only together with it.

-- +goose Up
create table class (
    id         uuid primary key,
    region     text collate "C" not null references region (code),
    provider   text not null check (length(provider) between 1 and 200),
    kind       text not null check (kind in ('public', 'lpk')),
    programme  text not null check (length(programme) between 1 and 200),
    units      text not null default '',
    scheme     text not null check (scheme in ('prakerja', 'jkp', 'blk', 'other')),
    places     int not null check (places > 0),
    taken      int not null default 0,
    starts_on  date not null,
    ends_on    date not null,
    created_by uuid not null references officer (id),
    constraint class_full check (taken between 0 and places),
    constraint class_period check (ends_on >= starts_on)
);
comment on table class is 'no personal data: every officer of the country may see where there are places';
create index class_starts on class (starts_on, id);
create index class_region on class (region, starts_on, id);

create table job_fair (
    id         uuid primary key,
    region     text collate "C" not null references region (code),
    name       text not null check (length(name) between 1 and 200),
    venue      text not null,
    held_on    date not null,
    created_by uuid not null references officer (id)
);
create index job_fair_held on job_fair (held_on, id);

create table vacancy (
    id          uuid primary key,
    region      text collate "C" not null references region (code) check (length(region) = 4),
    province    text collate "C" not null generated always as (substr(region, 1, 2)) stored,
    employer    text not null check (length(employer) between 1 and 200),
    title       text not null check (length(title) between 1 and 200),
    occupation  text collate "C" not null check (occupation ~ '^[0-9]{4}$'),
    units       text not null default '',
    wage        bigint not null default 0 check (wage >= 0),
    openings    int not null check (openings > 0),
    starts_on   date,
    posted_on   date not null,
    expires_on  date not null,
    state       text not null check (state in ('reported', 'open', 'filled', 'withdrawn')),
    source      text not null,
    reference   text not null,
    fair_id     uuid references job_fair (id),
    reported_by uuid not null references officer (id),
    verified_by uuid references officer (id),
    version     int not null default 1,
    constraint vacancy_once unique (source, reference),
    constraint vacancy_expiry check (expires_on >= posted_on),
    constraint vacancy_verified check (state <> 'open' or verified_by is not null)
);
comment on table vacancy is 'no personal data, and open to every officer (Perpres 57/2023 art. 9)';
create index vacancy_region on vacancy (region, id);
create index vacancy_fair on vacancy (fair_id) where fair_id is not null;
-- What a match walks: an occupation in a regency, in a province, anywhere. The rest is there so that the heap is not read.
create index vacancy_in_regency on vacancy (region, occupation) include (id, wage, units, starts_on, expires_on) where state = 'open';
create index vacancy_in_province on vacancy (province, occupation) include (region, id, wage, units, starts_on, expires_on) where state = 'open';
create index vacancy_in_nation on vacancy (occupation) include (province, region, id, wage, units, starts_on, expires_on) where state = 'open';

alter table training add column class_id uuid references class (id);
alter table application add column vacancy_id uuid references vacancy (id);
create index application_of_vacancy on application (vacancy_id) where vacancy_id is not null;

create table prakerja_card (
    id         uuid primary key,
    case_id    uuid not null,
    region     text collate "C" not null,
    batch      text not null,
    state      text not null check (state in ('awarded', 'used', 'revoked')),
    awarded_on date not null,
    buy_by     date,
    bought_on  date,
    result     text not null check (result in ('eligible', 'ineligible', 'undetermined')),
    version    text not null,
    decision   text not null,
    incentives int not null default 0,
    surveys    int not null default 0,
    paid       bigint not null default 0 check (paid >= 0)
);
create unique index prakerja_card_one on prakerja_card (case_id) where state <> 'revoked';

create table attendance (
    training_id uuid not null references training (id),
    held_on     date not null,
    case_id     uuid not null,
    region      text collate "C" not null,
    present     boolean not null,
    primary key (training_id, held_on)
);

create table assessment (
    id          uuid primary key,
    case_id     uuid not null,
    region      text collate "C" not null,
    body        text not null,
    scheme      text not null,
    units       text not null,
    state       text not null check (state in ('applied', 'verified', 'competent', 'not_yet_competent', 'issued', 'withdrawn')),
    applied_on  date not null,
    assessed_on date,
    attempts    int not null default 0
);
alter table certificate add column assessment_id uuid references assessment (id), add column units text not null default '';

create table business (
    id          uuid primary key,
    case_id     uuid not null,
    region      text collate "C" not null,
    title       text not null,
    kbli        text not null,
    level       text not null check (level in ('starter', 'advanced')),
    state       text not null check (state in ('proposed', 'admin_verified', 'field_verified', 'selected', 'coached', 'disbursed', 'reported', 'graduated', 'ended')),
    proposed_on date not null,
    grants      bigint not null default 0 check (grants >= 0),
    visits      int not null default 0,
    visited_on  date,
    workers     int not null default 0
);

create table jobseeker_card (
    id          uuid primary key,
    case_id     uuid not null,
    region      text collate "C" not null,
    number      text not null,
    state       text not null check (state in ('active', 'closed_hired')),
    issued_on   date not null,
    valid_until date not null,
    report_by   date not null,
    reports     int not null default 0
);

-- What a worker looks for: nothing in it that a match must not look at.
create table job_wish (
    case_id      uuid primary key,
    region       text collate "C" not null,
    occupation_1 text collate "C" not null,
    occupation_2 text collate "C" not null default '',
    occupation_3 text collate "C" not null default '',
    units        text not null default '',
    wage         bigint not null default 0,
    available_on date,
    reach        text not null check (reach in ('regency', 'province', 'nation'))
);
create index job_wish_1 on job_wish (region, occupation_1);
create index job_wish_2 on job_wish (region, occupation_2) where occupation_2 <> '';
create index job_wish_3 on job_wish (region, occupation_3) where occupation_3 <> '';

create table proposal (
    id             uuid primary key,
    case_id        uuid not null,
    region         text collate "C" not null,
    vacancy_id     uuid not null references vacancy (id),
    employer       text not null,
    position       text not null,
    rank           int not null,
    score          int not null,
    state          text not null check (state in ('proposed', 'accepted', 'declined', 'hired')),
    proposed_on    date not null,
    application_id uuid references application (id),
    constraint proposal_once unique (case_id, vacancy_id)
);

-- Custody is in region; the two offices are in from_region and to_region, and both see the row whoever has the case.
create table referral (
    id          uuid primary key,
    case_id     uuid not null,
    region      text collate "C" not null,
    kind        text not null check (kind in ('service', 'custody')),
    from_region text collate "C" not null references region (code),
    to_region   text collate "C" not null references region (code) check (to_region <> from_region),
    service     text not null,
    state       text not null check (state in ('offered', 'accepted', 'declined', 'expired', 'taken_back', 'done')),
    offered_on  date not null,
    answer_by   date not null,
    answered_on date,
    version     int not null
);
create unique index referral_one_transfer on referral (case_id) where kind = 'custody' and state = 'offered';
create index referral_of_case on referral (case_id);
create index referral_to on referral (to_region, id);
create index referral_from on referral (from_region, id);
create index referral_waiting on referral (answer_by) where state = 'offered';

-- What has to be done in a case by a day, besides the deadline of the law and the follow-up that stand in the case: written
-- with every change of its tracks.
create table task (
    case_id uuid not null,
    region  text collate "C" not null,
    kind    text not null,
    part    uuid not null,
    due_on  date not null,
    primary key (case_id, kind, part)
);
create index task_due on task (region, due_on, case_id);

-- What every office had to do on the morning of a day.
create table reminder (
    region  text collate "C" not null,
    told_on date not null,
    kind    text not null,
    overdue int not null,
    due     int not null,
    primary key (region, told_on, kind)
);

-- The best vacancies of the workers of a region, found in the background.
create table matching (
    id         uuid primary key,
    officer_id uuid not null references officer (id),
    region     text collate "C" not null,
    state      text not null check (state in ('queued', 'running', 'done', 'failed')),
    workers    int not null default 0,
    matched    int not null default 0,
    reached    uuid,
    created_at timestamptz not null default clock_timestamp(),
    seen_at    timestamptz not null default clock_timestamp(),
    done_at    timestamptz
);
create table match (
    case_id     uuid not null,
    region      text collate "C" not null,
    rank        int not null check (rank between 1 and 10),
    vacancy_id  uuid not null,
    score       int not null,
    matched_on  date not null,
    primary key (case_id, rank)
);

-- Figures per regency and year of termination, counted in the background; rollup_state says when.
create table rollup (
    region  text collate "C" not null,
    year    int not null,
    measure text not null,
    item    text not null,
    n       bigint not null,
    total   bigint not null default 0,
    primary key (region, measure, year, item)
);
create table rollup_state (
    one         boolean primary key default true check (one),
    counted_at  timestamptz,
    log_size    bigint not null default -1
);
insert into rollup_state default values;

-- +goose StatementBegin
do $$
declare t text;
begin
    foreach t in array array['prakerja_card', 'attendance', 'assessment', 'business', 'jobseeker_card', 'job_wish', 'proposal', 'referral', 'task', 'match'] loop
        execute format('alter table %I add constraint %I foreign key (region, case_id) references cases (region, id) on update cascade', t, t || '_case');
        if t not in ('job_wish', 'referral', 'task', 'match') then
            execute format('create index %I on %I (case_id)', t || '_of_case', t);
        end if;
    end loop;
    foreach t in array array['prakerja_card', 'attendance', 'assessment', 'business', 'jobseeker_card', 'job_wish', 'proposal', 'task', 'match', 'rollup', 'reminder'] loop
        execute format('alter table %I enable row level security, force row level security', t);
        execute format($p$create policy scope on %I to tanggap_app using (
            region >= (select current_setting('tanggap.lo', true)) and region < (select current_setting('tanggap.hi', true))
            and ((select current_setting('tanggap.only', true)) = ''
                or region = any ((select string_to_array(current_setting('tanggap.only', true), ','))::text[])))$p$, t);
        execute format('create policy owner on %I to tanggap_owner using (true)', t);
        execute format('grant select, insert, update on %I to tanggap_app', t);
    end loop;
end $$;

create function in_scope(code text) returns boolean language sql stable as $$
    select code >= current_setting('tanggap.lo', true) and code < current_setting('tanggap.hi', true)
        and (current_setting('tanggap.only', true) = '' or code = any (string_to_array(current_setting('tanggap.only', true), ',')))
$$;

-- The name of a worker for the office that gives them a service: only while that service is under way.
create function referred_name(of uuid) returns text language sql stable security definer set search_path = public, pg_temp as $$
    select w.name from referral r join case_worker w on w.case_id = r.case_id
    where r.id = of and r.kind = 'service' and r.state = 'accepted' and in_scope(r.to_region)
$$;

-- Custody moves only by the entry of an accepted transfer, in the same transaction.
create function custody_moves() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if not exists (select from referral r join case_history h on h.case_id = r.case_id
        where r.case_id = new.id and r.kind = 'custody' and r.state = 'accepted' and r.from_region = old.region and r.to_region = new.region
            and h.kind = 'custody.moved' and h.seq = new.version) then
        raise exception 'cases_custody' using errcode = 'TG001', constraint = 'cases_custody', table = 'cases';
    end if;
    return null;
end $$;

-- What a worker's erasure also has to empty.
create function erase_hubs() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare mine uuid[];
begin
    select array_agg(id) into mine from cases where worker_id = new.id;
    update assessment set body = '', scheme = '', units = '' where case_id = any (mine);
    update certificate set units = '' where case_id = any (mine);
    update business set title = '', kbli = '' where case_id = any (mine);
    update jobseeker_card set number = '' where case_id = any (mine);
    update prakerja_card set decision = '' where case_id = any (mine);
    update proposal set employer = '', position = '' where case_id = any (mine);
    delete from job_wish where case_id = any (mine);
    delete from match where case_id = any (mine);
    return null;
end $$;
-- +goose StatementEnd
create constraint trigger cases_custody after update of region on cases deferrable initially deferred for each row
    when (old.region <> new.region) execute function custody_moves();
create trigger worker_erased after update of data_key on worker for each row
    when (old.data_key is not null and new.data_key is null) execute function erase_hubs();
revoke execute on function referred_name, custody_moves, erase_hubs from public;
grant execute on function referred_name to tanggap_app;

alter table referral enable row level security, force row level security;
create policy scope on referral to tanggap_app using (in_scope(from_region) or in_scope(to_region));
create policy owner on referral to tanggap_owner using (true);

grant select, insert on referral, class, job_fair, vacancy, matching to tanggap_app;
grant update (state, answered_on, version) on referral to tanggap_app;
grant update (taken) on class to tanggap_app;
grant update (state, verified_by, version, wage, openings, expires_on, title) on vacancy to tanggap_app;
grant update (state, workers, matched, reached, seen_at, done_at) on matching to tanggap_app;
grant delete on task, match, rollup to tanggap_app;
grant select, update on rollup_state to tanggap_app;
grant update (region) on cases to tanggap_app;

-- +goose Down
drop trigger worker_erased on worker;
drop trigger cases_custody on cases;
revoke update (region) on cases from tanggap_app;
drop table rollup_state, rollup, match, matching, reminder, task, referral, proposal, job_wish, jobseeker_card, business;
alter table certificate drop column assessment_id, drop column units;
drop table assessment, attendance, prakerja_card;
alter table application drop column vacancy_id;
alter table training drop column class_id;
drop table vacancy, job_fair, class;
drop function erase_hubs, custody_moves, referred_name, in_scope;
