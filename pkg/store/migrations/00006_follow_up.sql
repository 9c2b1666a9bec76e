-- +goose Up
-- What the officer wants to do next stands beside the deadline of the law: the one must never hide the other.
alter table cases add column follow_up_on date,
    add column next_on date generated always as (least(due_on, follow_up_on)) stored,
    add constraint cases_follow_up check (stage <> 'closed' or follow_up_on is null);
comment on column cases.next_on is 'the earlier of due_on and follow_up_on: what work lists are ordered and cut by';
alter table cases disable trigger cases_immutable; -- no change of the case, only of the place where it is kept
update cases set follow_up_on = due_on, due_on = null, due_for = null where due_for = 'follow_up';
alter table cases enable trigger cases_immutable;
drop index cases_due, cases_due_everywhere;
create index cases_next on cases (region, next_on, id) where next_on is not null;
create index cases_next_everywhere on cases (next_on, id) where next_on is not null;
grant update (follow_up_on) on cases to tanggap_app;

-- A person is reached by the id of the case, never by a range: the limits are read once per statement here.
drop policy scope on case_worker;
create policy scope on case_worker to tanggap_app using (
    region >= (select current_setting('tanggap.lo', true)) and region < (select current_setting('tanggap.hi', true))
    and ((select current_setting('tanggap.only', true)) = ''
        or region = any ((select string_to_array(current_setting('tanggap.only', true), ','))::text[])));

-- +goose Down
drop policy scope on case_worker;
create policy scope on case_worker to tanggap_app using (
    region >= current_setting('tanggap.lo', true) and region < current_setting('tanggap.hi', true)
    and ((select current_setting('tanggap.only', true)) = ''
        or region = any ((select string_to_array(current_setting('tanggap.only', true), ','))::text[])));
drop index cases_next, cases_next_everywhere;
alter table cases drop column next_on, drop constraint cases_follow_up, drop column follow_up_on;
create index cases_due on cases (region, due_on, id) where due_on is not null;
create index cases_due_everywhere on cases (due_on, id) where due_on is not null;
