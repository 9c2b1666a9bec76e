-- What other systems and officers are told: webhooks, which follow the published log, and the mail of a day.

-- +goose Up
create table webhook (
    id               uuid primary key,
    officer_id       uuid not null references officer (id),
    url              text not null,
    region           text collate "C",
    kind             text not null,
    state            text not null default 'active' constraint webhook_state_check check (state in ('active', 'paused')),
    reason           text not null default '',
    secret           int not null default 1,
    old_secret_until timestamptz,
    place            bigint not null,
    deliveries       bigint not null default 0,
    failures         int not null default 0,
    failing_since    timestamptz,
    retry_at         timestamptz,
    lease            uuid,
    leased_until     timestamptz,
    created_at       timestamptz not null default clock_timestamp()
);
comment on column webhook.region is 'the part of the owner''s scope that is told; none for all of it';
comment on column webhook.place is 'in the log, of the first entry that the receiver has not been told of';
comment on column webhook.secret is 'its number; the secret itself is derived from the keyset and kept nowhere';
comment on column webhook.lease is 'of the one job that delivers just now, until leased_until';
create index webhook_of_officer on webhook (officer_id);

create table webhook_delivery (
    webhook_id uuid not null references webhook (id) on delete cascade,
    n          bigint not null,
    message    text not null,
    idx        bigint,
    at         timestamptz not null,
    took_ms    int not null,
    status     int not null,
    failure    text not null,
    primary key (webhook_id, n)
);

grant select, insert, delete on webhook, webhook_delivery to tanggap_app;
grant update (state, reason, secret, old_secret_until, place, deliveries, failures, failing_since, retry_at, lease, leased_until) on webhook to tanggap_app;

-- Mail is sent once for an officer and a day: whoever sends it says so first, so that one whose end nobody knows is not sent again.
create table officer_mail (
    officer_id uuid primary key references officer (id),
    language   text not null default 'id' constraint officer_mail_language_check check (language in ('id', 'en')),
    wanted     boolean not null default true
);
create table mail_day (
    officer_id uuid not null references officer (id),
    day        date not null,
    state      text not null constraint mail_day_state_check check (state in ('waiting', 'sending', 'sent', 'empty', 'refused')),
    at         timestamptz not null default clock_timestamp(),
    primary key (officer_id, day)
);
grant select, insert, update on officer_mail, mail_day to tanggap_app;
grant delete on mail_day to tanggap_app;

-- +goose Down
drop table mail_day, officer_mail, webhook_delivery, webhook;
