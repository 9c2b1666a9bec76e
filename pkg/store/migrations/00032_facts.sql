-- What a part was said to be gets columns of its own where something that follows from other facts stood over it, so that
-- everything that follows can be derived anew at every change. Old rows are filled from what is there and from the
-- histories; no column that was there before changes.

-- +goose Up
alter table claim
    add result text not null default '',
    add stated_reason text not null default '',
    add stated_on date,
    add withdrawn_on date,
    drop constraint claim_state_check,
    add constraint claim_state_check check (state in ('applied', 'refused', 'running', 'completed', 'stopped', 'withdrawn')),
    drop constraint claim_decided,
    add constraint claim_decided check (state in ('applied', 'stopped', 'withdrawn') or decided_on is not null),
    drop constraint claim_running,
    add constraint claim_running check (state not in ('running', 'completed') or reference_on is not null);
alter table claim_month add missed_on date, add ends_claim boolean not null default false;
alter table prakerja_card add revoked_on date;
alter table training add enrolled_on date;
alter table application add reached text not null default 'submitted';

update claim set result = case when reference_on is not null then 'eligible' when state = 'refused' and stop_reason = ''
    then 'ineligible' when state = 'applied' and decided_on is not null then 'undetermined' else '' end;
update claim set withdrawn_on = stopped_on where stop_reason = 'not_claimed' and reference_on is null;
update claim k set stated_reason = k.stop_reason, stated_on = k.stopped_on
    where k.stop_reason <> '' and k.withdrawn_on is null and not (k.stop_reason = 'job' and exists (select from placement p
        where p.case_id = k.case_id and p.started_on = k.stopped_on and (p.ended_on is null or p.ended_on > k.applied_on)));
update claim_month m set missed_on = m.closes_on + 1 where m.state = 'missed';
update claim_month m set missed_on = h.occurred_on, ends_claim = coalesce((h.payload::json ->> 'ends_claim')::boolean, false)
    from case_history h where h.kind = 'claim.month_missed' and h.case_id = m.case_id and m.state = 'missed'
        and (h.payload::json ->> 'claim')::uuid = m.claim_id and (h.payload::json ->> 'month')::int = m.n;
update prakerja_card set revoked_on = coalesce(buy_by, awarded_on) where state = 'revoked';
update prakerja_card k set revoked_on = h.occurred_on from case_history h where h.kind = 'prakerja.revoked'
    and h.case_id = k.case_id and (h.payload::json ->> 'id')::uuid = k.id;
update training set enrolled_on = starts_on;
update training t set enrolled_on = h.occurred_on from case_history h where h.kind = 'training.enrolled'
    and h.case_id = t.case_id and (h.payload::json ->> 'id')::uuid = t.id;
update application a set reached = a.state where not (a.state = 'hired' and exists (select from placement p where p.application_id = a.id));
update application a set reached = h.reached from (
    select distinct on (case_id, payload::json ->> 'id') case_id, (payload::json ->> 'id')::uuid as id, payload::json ->> 'to' as reached
    from case_history where kind = 'application.advanced' order by case_id, payload::json ->> 'id', seq desc) h
    where h.case_id = a.case_id and h.id = a.id;

grant update (result, stated_reason, stated_on, withdrawn_on) on claim to tanggap_app;
grant update (missed_on, ends_claim) on claim_month to tanggap_app;
grant update (enrolled_on) on training to tanggap_app;
grant update (reached) on application to tanggap_app;

-- +goose Down
update claim set state = 'refused', decided_on = coalesce(decided_on, stopped_on, withdrawn_on)
    where state = 'withdrawn' or state = 'stopped' and reference_on is null;
update cases c set claim_state = 'refused' where claim_state = 'withdrawn';
alter table application drop column reached;
alter table training drop column enrolled_on;
alter table prakerja_card drop column revoked_on;
alter table claim_month drop column missed_on, drop column ends_claim;
alter table claim
    drop constraint claim_running,
    add constraint claim_running check (state not in ('running', 'completed', 'stopped') or reference_on is not null),
    drop constraint claim_decided,
    add constraint claim_decided check (state = 'applied' or decided_on is not null),
    drop constraint claim_state_check,
    add constraint claim_state_check check (state in ('applied', 'refused', 'running', 'completed', 'stopped')),
    drop column result, drop column stated_reason, drop column stated_on, drop column withdrawn_on;
