-- What runs inside a case: the JKP claim and its months, training and certificates, applications and placements.
-- A track changes only together with its case: same transaction, same version, same history.

-- +goose Up
create table claim (
    id            uuid primary key,
    case_id       uuid not null,
    region        text collate "C" not null,
    state         text not null check (state in ('applied', 'refused', 'running', 'completed', 'stopped')),
    applied_on    date not null,
    decided_on    date,
    reference_on  date,
    programme     text not null default '',
    facts         text not null,
    decision      text not null default '',
    stop_reason   text not null default '',
    stopped_on    date,
    constraint claim_case foreign key (region, case_id) references cases (region, id) on update cascade,
    constraint claim_decided check (state = 'applied' or decided_on is not null),
    constraint claim_running check (state not in ('running', 'completed', 'stopped') or reference_on is not null)
);
create index claim_of_case on claim (case_id);
create unique index claim_one_live on claim (case_id) where state in ('applied', 'running');

create table claim_month (
    claim_id    uuid not null references claim (id),
    n           int not null check (n between 1 and 6),
    case_id     uuid not null,
    region      text collate "C" not null,
    state       text not null check (state in ('upcoming', 'proved', 'paid', 'missed', 'stopped')),
    opens_on    date not null,
    closes_on   date not null,
    proved_on   date,
    applications int not null default 0 check (applications >= 0),
    calls       int not null default 0 check (calls >= 0),
    attendance  int check (attendance between 0 and 100),
    status_form boolean not null default false,
    given_on    date,
    amount      bigint check (amount >= 0),
    payment_ref text not null default '',
    rule        text not null default '',
    primary key (claim_id, n),
    constraint claim_month_case foreign key (region, case_id) references cases (region, id) on update cascade,
    constraint claim_month_window check (closes_on >= opens_on),
    constraint claim_month_paid check ((state = 'paid') = (given_on is not null and amount is not null))
);
create index claim_month_of_case on claim_month (case_id);

create table training (
    id          uuid primary key,
    case_id     uuid not null,
    region      text collate "C" not null,
    scheme      text not null check (scheme in ('prakerja', 'jkp', 'blk', 'other')),
    provider    text not null,
    programme   text not null,
    unit        text not null default '',
    state       text not null check (state in ('enrolled', 'in_training', 'completed', 'dropped')),
    starts_on   date not null,
    ends_on     date,
    attendance  int check (attendance between 0 and 100),
    constraint training_case foreign key (region, case_id) references cases (region, id) on update cascade,
    constraint training_period check (ends_on is null or ends_on >= starts_on)
);
create index training_of_case on training (case_id);

create table certificate (
    id          uuid primary key,
    case_id     uuid not null,
    region      text collate "C" not null,
    training_id uuid references training (id),
    kind        text not null check (kind in ('training', 'competence')),
    number      text not null,
    issuer      text not null,
    scheme      text not null default '',
    issued_on   date not null,
    valid_until date,
    constraint certificate_case foreign key (region, case_id) references cases (region, id) on update cascade,
    constraint certificate_once unique (case_id, issuer, number),
    constraint certificate_validity check (valid_until is null or valid_until >= issued_on)
);
create index certificate_of_case on certificate (case_id);

create table application (
    id          uuid primary key,
    case_id     uuid not null,
    region      text collate "C" not null,
    employer    text not null,
    position    text not null,
    channel     text not null default '',
    state       text not null check (state in ('submitted', 'test_called', 'interviewed', 'offered', 'hired', 'rejected', 'withdrawn')),
    applied_on  date not null,
    called_on   date,
    constraint application_case foreign key (region, case_id) references cases (region, id) on update cascade,
    constraint application_call check (called_on is null or called_on >= applied_on)
);
create index application_of_case on application (case_id);

create table placement (
    id             uuid primary key,
    case_id        uuid not null,
    region         text collate "C" not null,
    application_id uuid references application (id),
    employer       text not null,
    position       text not null,
    state          text not null check (state in ('reported', 'verified', 'retained_3m', 'ended')),
    started_on     date not null,
    ended_on       date,
    constraint placement_case foreign key (region, case_id) references cases (region, id) on update cascade,
    constraint placement_period check (ended_on is null or ended_on >= started_on)
);
create index placement_of_case on placement (case_id);

-- +goose StatementBegin
do $$
declare t text;
begin
    foreach t in array array['claim', 'claim_month', 'training', 'certificate', 'application', 'placement'] loop
        execute format('alter table %I enable row level security, force row level security', t);
        execute format($p$create policy scope on %I to tanggap_app
            using (region >= current_setting('tanggap.lo', true) and region < current_setting('tanggap.hi', true) and in_scope(region))$p$, t);
        execute format('create policy owner on %I to tanggap_owner using (true)', t);
        execute format('grant select, insert on %I to tanggap_app', t);
    end loop;
end $$;
-- +goose StatementEnd
grant update (state, decided_on, reference_on, programme, decision, stop_reason, stopped_on) on claim to tanggap_app;
grant update (state, proved_on, applications, calls, attendance, status_form, given_on, amount, payment_ref, rule) on claim_month to tanggap_app;
grant update (state, ends_on, attendance) on training to tanggap_app;
grant update (state, called_on) on application to tanggap_app;
grant update (state, ended_on) on placement to tanggap_app;

-- +goose Down
drop table placement, application, certificate, training, claim_month, claim;
