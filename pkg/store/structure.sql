-- What the schema is made of, one row per thing: its kind, its name, and its definition. It reads the catalogue alone, which
-- the runtime role may do. What extensions brought along, and the table of goose, is left out.
with own as materialized (
    select c.* from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relpersistence <> 't' and c.relname not like 'goose_db_version%'
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
), functions as materialized (
    select p.* from pg_proc p
    where p.pronamespace = 'public'::regnamespace
        and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
), granted as (
    select 'table ' || c.relname as name, c.relowner as owner, c.relacl as acl from own c where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    union all
    select 'column ' || c.relname || '.' || a.attname, c.relowner, a.attacl from own c join pg_attribute a on a.attrelid = c.oid
    where a.attacl is not null and not a.attisdropped
    union all
    select 'function ' || p.oid::regprocedure::text, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner)) from functions p
)
select 'relation', c.relname::text, c.relkind::text || ' owned by ' || c.relowner::regrole::text
from own c where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
union all
select 'row security', c.relname, case when c.relforcerowsecurity then 'on, for the owner too' else 'on' end
from own c where c.relrowsecurity
union all
select 'column', c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod)
    || case when a.attcollation <> 0 and a.attcollation <> t.typcollation then ' collate ' || a.attcollation::regcollation::text else '' end
    || case when a.attnotnull then ' not null' else '' end
    || case when a.attidentity <> '' then ' identity ' || a.attidentity::text when a.attgenerated <> '' then ' generated' else '' end
    || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
from own c join pg_attribute a on a.attrelid = c.oid join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
where c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0 and not a.attisdropped
union all
select 'constraint', c.relname || '.' || k.conname, pg_get_constraintdef(k.oid)
from own c join pg_constraint k on k.conrelid = c.oid where k.contype in ('p', 'u', 'c', 'f', 'x')
union all
select case when i.indisunique then 'unique index' else 'index' end, x.relname,
    pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' (invalid)' end
from own c join pg_index i on i.indrelid = c.oid join pg_class x on x.oid = i.indexrelid
union all
select 'trigger', c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || case t.tgenabled when 'O' then '' else ' (switched off: ' || t.tgenabled::text || ')' end
from own c join pg_trigger t on t.tgrelid = c.oid where not t.tgisinternal
union all
select distinct 'switched off', c.relname, 'triggers of foreign keys'
from own c join pg_trigger t on t.tgrelid = c.oid where t.tgisinternal and t.tgenabled <> 'O'
union all
select 'rule', c.relname || '.' || r.rulename, pg_get_ruledef(r.oid) from own c join pg_rewrite r on r.ev_class = c.oid where r.rulename <> '_RETURN'
union all
select 'policy', c.relname || '.' || p.polname, case when p.polpermissive then 'permissive ' else 'restrictive ' end || p.polcmd::text || ' to '
    || (select string_agg(case r when 0 then 'public' else r::regrole::text end, ', ' order by r::regrole::text) from unnest(p.polroles) r)
    || coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), '') || coalesce(' with check ' || pg_get_expr(p.polwithcheck, p.polrelid), '')
from own c join pg_policy p on p.polrelid = c.oid
union all
select 'function', p.oid::regprocedure::text, concat_ws(' ', pg_get_function_result(p.oid), l.lanname, p.provolatile::text, case when p.prosecdef then 'security definer' end,
    p.proconfig::text, 'owned by', p.proowner::regrole::text, md5(p.prosrc))
from functions p join pg_language l on l.oid = p.prolang
union all
select case when x.grantee in (0, coalesce(to_regrole('tanggap_app')::oid, 0)) then 'grant' else 'other grant' end,
    g.name || ' to ' || case x.grantee when 0 then 'public' else x.grantee::regrole::text end, string_agg(x.privilege_type, ', ' order by x.privilege_type)
from granted g cross join aclexplode(g.acl) x where x.grantee <> g.owner group by g.name, x.grantee
