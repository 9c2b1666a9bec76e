-- Migrations 3, 4, 5, 9, 10 and 12 were edited when databases made of them existed. This brings such a database to what
-- their texts say today. It runs before any migration past 12 is applied, so that those find what they were written for,
-- and changes nothing where nothing differs. tanggap.applied is the newest migration that the database has.
do $$
declare
    applied constant int := current_setting('tanggap.applied')::int;
    plain   constant text := $p$create policy scope on %I to tanggap_app using (
        region >= current_setting('tanggap.lo', true) and region < current_setting('tanggap.hi', true)
        and ((select current_setting('tanggap.only', true)) = ''
            or region = any ((select string_to_array(current_setting('tanggap.only', true), ','))::text[])))$p$;
    once    constant text := $p$create policy scope on %I to tanggap_app using (
        region >= (select current_setting('tanggap.lo', true)) and region < (select current_setting('tanggap.hi', true))
        and ((select current_setting('tanggap.only', true)) = ''
            or region = any ((select string_to_array(current_setting('tanggap.only', true), ','))::text[])))$p$;
    lists   constant text := $p$create policy scope on %I to tanggap_app using (
        region >= current_setting('tanggap.lo', true) and region < current_setting('tanggap.hi', true)
        and ((select current_setting('tanggap.only', true)) = '' or length(region) < 4
            or region = any ((select string_to_array(current_setting('tanggap.only', true), ','))::text[])))$p$;
    t text; form text; since int; until int;
begin
    -- Migrations 6, 10 and 12 write some policies anew: each is brought to the text of the newest one that was applied.
    for t, form, since, until in select * from (values
        ('layoff', plain, 3, 12), ('cases', plain, 3, 12), ('employer', plain, 3, 12), ('case_worker', plain, 3, 5),
        ('case_history', plain, 3, 9), ('case_history', once, 10, 12), ('claim', plain, 4, 12), ('claim_month', plain, 4, 12),
        ('training', plain, 4, 12), ('certificate', plain, 4, 12), ('application', plain, 4, 12), ('placement', plain, 4, 12),
        ('intake', lists, 5, 12), ('intake_row', lists, 5, 12), ('task', plain, 12, 12)) v
    loop
        continue when applied < since or applied > until;
        execute format('drop policy scope on %I', t);
        execute format(form, t);
    end loop;

    if applied >= 3 then
        perform similarity('', ''); -- loads the extension, whose setting the function carries
        create or replace function search_name(wanted text, most int) returns table (case_id uuid, score real)
            language sql stable security definer set search_path = public, pg_temp
            set pg_trgm.word_similarity_threshold = 0.5
        as $f$
    with hit as materialized (
        select w.case_id, word_similarity(wanted, w.name_key) as score from case_worker w
        where w.region >= current_setting('tanggap.lo', true) and w.region < current_setting('tanggap.hi', true)
          and wanted <% w.name_key
    )
    select h.case_id, h.score from hit h join case_worker w on w.case_id = h.case_id
    where current_setting('tanggap.only', true) = '' or w.region = any (string_to_array(current_setting('tanggap.only', true), ','))
    order by h.score desc, h.case_id desc limit least(most, 200)
$f$;
        if applied < 12 then
            drop function if exists in_scope(text); -- migration 12 makes another one of that name
        end if;
    end if;

    if applied >= 5 then
        update intake set file = coalesce(file, ''), file_key = coalesce(file_key, '') where file is null or file_key is null;
        alter table intake alter column file set not null, alter column file_key set not null;
        alter table intake_row add column if not exists name text not null default '',
            add column if not exists nik_tail text not null default '';
        if exists (select from pg_constraint where conname = 'intake_row_result_check' and pg_get_constraintdef(oid) like '%failed%') then
            update intake_row set result = null where result = 'failed';
            alter table intake_row drop constraint intake_row_result_check,
                add constraint intake_row_result_check check (result in ('opened', 'known', 'registered_elsewhere'));
        end if;
    end if;

    if applied >= 9 then
        alter index access_record_subjects set (gin_pending_list_limit = 65536);
        if exists (select from pg_attribute where attrelid = to_regclass('access_alarm') and attname = 'subjects') then
            revoke update (subjects) on access_alarm from tanggap_app;
        end if;
    end if;

    if applied >= 10 and exists (select from pg_attribute where attrelid = to_regclass('export_case') and attname = 'case_id') then
        alter table export_case rename to export_case_before;
        create table export_case (export_id uuid not null, cases uuid[] not null);
        insert into export_case select export_id, array_agg(case_id) from (
            select export_id, case_id, (row_number() over (partition by export_id order by case_id) - 1) / 5000 as part from export_case_before
        ) b group by export_id, part;
        drop table export_case_before;
        create index export_case_export on export_case (export_id);
        create index export_case_cases on export_case using gin (cases) with (gin_pending_list_limit = 65536);
        grant select, insert, delete on export_case to tanggap_app;
    end if;

    if applied >= 12 then
        alter table training add column if not exists cost bigint not null default 0 check (cost >= 0);
        if (select count(*) from pg_attribute where attrelid = to_regclass('task_due')) < 5 then
            drop index task_due;
            create index task_due on task (region, due_on, case_id, kind, part);
        end if;
        create index if not exists task_due_everywhere on task (due_on, case_id, kind, part);
    end if;
end $$;
