-- What was applied to this database, by the digest of its text: a program that holds another text does not serve it.

-- +goose Up
create table schema_migration (
    version     bigint primary key,
    sha256      bytea not null check (octet_length(sha256) = 32),
    recorded_at timestamptz not null default clock_timestamp()
);
grant select on schema_migration, goose_db_version to tanggap_app;

-- +goose Down
revoke select on goose_db_version from tanggap_app;
drop table schema_migration;
