-- Officers have a way back: what of them was changed, from what to what, and sessions that can be named. A finding is
-- settled with a text, and found over all cases by its state.

-- +goose Up
alter table officer_event drop constraint officer_event_kind_check;
alter table officer_event add constraint officer_event_kind_check check (kind in ('created', 'deactivated', 'reactivated',
    'name.changed', 'email.changed', 'office.changed', 'code.issued', 'password.set', 'grant.given', 'grant.suspended',
    'grant.confirmed', 'grant.revoked'));
alter table officer_event add column was text, add column became text;
comment on column officer_event.was is 'of a changed name, address or office: what it was';
grant update (email) on officer to tanggap_app;

alter table session add column id uuid not null default gen_random_uuid();
alter table session add constraint session_id unique (id);

alter table finding add column settlement bytea;
comment on column finding.settlement is 'sealed under the key of the worker: why the auditor settled it';
grant update (settlement) on finding to tanggap_app;
create index finding_by_state on finding (state, id);
create index finding_of_office on finding (region, id);

-- +goose Down
drop index finding_of_office, finding_by_state;
alter table finding drop column settlement;
alter table session drop constraint session_id;
alter table session drop column id;
revoke update (email) on officer from tanggap_app;
delete from officer_event where kind in ('reactivated', 'name.changed', 'email.changed', 'office.changed');
alter table officer_event drop column was, drop column became;
alter table officer_event drop constraint officer_event_kind_check;
alter table officer_event add constraint officer_event_kind_check check (kind in ('created', 'deactivated', 'code.issued',
    'password.set', 'grant.given', 'grant.suspended', 'grant.confirmed', 'grant.revoked'));
