-- A part of a case is written whole, so that its row is what its history says: the runtime role may change every column of
-- a part but its key, its case and its region, which moves with the case.

-- +goose Up
grant update (applied_on, facts) on claim to tanggap_app;
grant update (opens_on, closes_on) on claim_month to tanggap_app;
grant update (scheme, provider, programme, unit, starts_on, class_id, cost) on training to tanggap_app;
grant update (training_id, kind, number, issuer, scheme, issued_on, valid_until, assessment_id, units) on certificate to tanggap_app;
grant update (employer, position, channel, applied_on, vacancy_id) on application to tanggap_app;
grant update (application_id, employer, position, started_on) on placement to tanggap_app;
grant update (kind, from_region, to_region, service, offered_on, answer_by) on referral to tanggap_app;
grant update (state, responded_on, document) on response to tanggap_app;

-- +goose Down
revoke update (applied_on, facts) on claim from tanggap_app;
revoke update (opens_on, closes_on) on claim_month from tanggap_app;
revoke update (scheme, provider, programme, unit, starts_on, class_id, cost) on training from tanggap_app;
revoke update (training_id, kind, number, issuer, scheme, issued_on, valid_until, assessment_id, units) on certificate from tanggap_app;
revoke update (employer, position, channel, applied_on, vacancy_id) on application from tanggap_app;
revoke update (application_id, employer, position, started_on) on placement from tanggap_app;
revoke update (kind, from_region, to_region, service, offered_on, answer_by) on referral from tanggap_app;
revoke update (state, responded_on, document) on response from tanggap_app;
