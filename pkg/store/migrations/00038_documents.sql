-- Scans that belong to a case or to a part of it. What is here is what the case knows of them; their contents lie outside of
-- the database, sealed under the worker's key, which an erasure destroys.

-- +goose Up
create table document (
    id          uuid primary key,
    case_id     uuid not null,
    region      text collate "C" not null,
    kind        text not null constraint document_kind_check check (kind in ('termination_letter', 'joint_agreement', 'mediator_advice', 'court_decision', 'identity_card',
        'family_card', 'bank_book', 'pay_slip', 'work_certificate', 'certificate', 'application_proof',
        'attendance_proof', 'employment_contract', 'business_permit', 'death_certificate',
        'power_of_attorney', 'consent', 'membership_deactivation', 'other')),
    of_part     uuid,
    received_on date not null,
    media       text not null constraint document_media_check check (media in ('application/pdf', 'image/jpeg', 'image/png')),
    size        int not null check (size between 0 and 10485760),
    sha256      text not null,
    constraint document_case foreign key (region, case_id) references cases (region, id) on update cascade
);
comment on column document.of_part is 'the part of the case that it proves; none when it belongs to the case';
create index document_of_case on document (case_id);
alter table document enable row level security, force row level security;
create policy scope on document to tanggap_app using (
    region >= (select current_setting('tanggap.lo', true)) and region < (select current_setting('tanggap.hi', true))
    and ((select current_setting('tanggap.only', true)) = ''
        or region = any ((select string_to_array(current_setting('tanggap.only', true), ','))::text[])));
create policy owner on document to tanggap_owner using (true);
grant select, insert, delete on document to tanggap_app;
grant update (kind, of_part, received_on, media, size, sha256) on document to tanggap_app;

-- Which of some documents are still to be kept, in whatever office: those of erased workers open no more.
-- +goose StatementBegin
create function documents_kept(ids uuid[]) returns setof uuid language sql stable security definer
    set search_path = public, pg_temp as $$
    select d.id from document d join cases c on c.id = d.case_id join worker w on w.id = c.worker_id
    where d.id = any (ids) and w.data_key is not null
$$;
-- +goose StatementEnd
revoke execute on function documents_kept from public;
grant execute on function documents_kept to tanggap_app;

-- +goose Down
drop function documents_kept;
drop table document;
