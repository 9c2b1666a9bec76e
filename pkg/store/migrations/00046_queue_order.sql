-- The lists of months to pay and of voids that were asked for are read in their order, of one office or of the nation:
-- a page reads as many rows as it shows, and an office none of the others.

-- +goose Up
drop index claim_month_payable;
create index claim_month_payable on claim_month (region, coalesce(proved_on, opens_on), case_id, claim_id, n)
    where state = 'proved' or n = 1 and state = 'upcoming';
create index claim_month_payable_everywhere on claim_month (coalesce(proved_on, opens_on), case_id, claim_id, n)
    where state = 'proved' or n = 1 and state = 'upcoming';
create index case_history_void_asked_in on case_history (region, case_id, seq) where kind = 'entry.void_asked';

-- +goose Down
drop index case_history_void_asked_in, claim_month_payable_everywhere, claim_month_payable;
create index claim_month_payable on claim_month (region, case_id) where state = 'proved' or n = 1 and state = 'upcoming';
