-- What a source reported otherwise of a vacancy: the fields before and after, and who took it in.

-- +goose Up
create table vacancy_change (
    vacancy_id uuid not null references vacancy (id),
    version    int not null check (version > 0),
    officer_id uuid not null references officer (id),
    at         timestamptz not null default now(),
    fields     jsonb not null,
    primary key (vacancy_id, version)
);
comment on table vacancy_change is 'no personal data: vacancies are open to every officer of the country';
comment on column vacancy_change.version is 'that the vacancy had before';
grant select, insert on vacancy_change to tanggap_app;
grant update (region, employer, occupation, units, starts_on, fair_id) on vacancy to tanggap_app;

-- +goose Down
revoke update (region, employer, occupation, units, starts_on, fair_id) on vacancy from tanggap_app;
drop table vacancy_change;
