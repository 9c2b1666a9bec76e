package store

import (
	"github.com/tanggap/tanggap/pkg/codelist/catalogue"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/track"
)

// ConstraintFaults are the constraints, and the conditions that triggers raise, whose violation is a client's doing.
// The lifecycles refuse nearly all of it before; what they miss, or what two clients do at once, ends here and not as
// a bug.
var ConstraintFaults = map[string]*fault.Error{
	"application_call":                fault.New(fault.Invalid, "dates.order").At("occurred_on"),
	"application_vacancy_id_fkey":     fault.New(fault.Invalid, "vacancy.not_found").At("vacancy"),
	"cases_duplicate_of":              fault.New(fault.Invalid, "case.duplicate_of").At("duplicate_of"),
	"cases_immutable":                 fault.New(fault.Stale, "case.stale"),
	"cases_layoff_id_fkey":            fault.New(fault.Invalid, "layoff.not_found").At("layoff"),
	"cases_officer_id_fkey":           fault.New(fault.Invalid, "officer.not_found").At("officer"),
	"cases_one_open":                  fault.New(fault.Conflict, "case.already_registered"),
	"cases_region_check":              fault.New(fault.Invalid, "region.unknown").At("region"),
	"cases_region_fkey":               fault.New(fault.Invalid, "region.unknown").At("region"),
	"worker_nik":                      fault.New(fault.Conflict, "worker.nik_taken").At("nik"),
	"cases_worker_erased":             fault.New(fault.Conflict, "worker.erased"),
	"cases_transition":                fault.New(fault.Conflict, "case.transition_refused"),
	"certificate_once":                fault.New(fault.Conflict, "certificate.exists"),
	"certificate_validity":            fault.New(fault.Invalid, "certificate.period").At("valid_until"),
	"claim_one_live":                  fault.New(fault.Conflict, "claim.already_live"),
	"class_full":                      fault.New(fault.Conflict, "class.full"),
	"class_period":                    fault.New(fault.Invalid, "class.period").At("ends_on"),
	"class_programme_check":           fault.New(fault.Invalid, "class.programme_missing").At("programme"),
	"class_provider_check":            fault.New(fault.Invalid, "class.provider_missing").At("provider"),
	"class_region_fkey":               fault.New(fault.Invalid, "region.unknown").At("region"),
	"emergency_four_eyes":             fault.New(fault.Forbidden, "emergency.own"),
	"emergency_reason_check":          fault.New(fault.Invalid, "emergency.reason_required").At("reason"),
	"emergency_region_fkey":           fault.New(fault.Invalid, "region.unknown").At("region"),
	"employer_name_check":             fault.New(fault.Invalid, "employer.name_missing").At("employer.name"),
	"employer_name":                   fault.New(fault.Conflict, "employer.exists").At("employer.name"),
	"employer_nib":                    fault.New(fault.Conflict, "employer.exists").At("employer.nib"),
	"employer_nib_check":              fault.New(fault.Invalid, "employer.nib_invalid").At("employer.nib"),
	"employer_region_fkey":            fault.New(fault.Invalid, "region.unknown").At("employer.region"),
	"erasure_four_eyes":               fault.New(fault.Forbidden, "erasure.own"),
	"erasure_obstacle":                fault.New(fault.Conflict, "erasure.held"),
	"export_four_eyes":                fault.New(fault.Forbidden, "export.own"),
	"history_contradicted":            fault.New(fault.Unavailable, "history.contradicted"),
	"history_unpublished":             fault.New(fault.Unavailable, "history.unpublished"),
	"idempotency_key_check":           fault.New(fault.Invalid, "idempotency.key_invalid"),
	"idempotency_once":                fault.New(fault.Conflict, "idempotency.in_progress"),
	"intake_layoff_id_fkey":           fault.New(fault.Invalid, "layoff.not_found").At("layoff"),
	"job_fair_name_check":             fault.New(fault.Invalid, "job_fair.name").At("name"),
	"job_fair_region_fkey":            fault.New(fault.Invalid, "region.unknown").At("region"),
	"layoff_immutable":                fault.New(fault.Stale, "layoff.stale"),
	"layoff_once":                     fault.New(fault.Conflict, "layoff.exists"),
	"layoff_people_planned_check":     fault.New(fault.Invalid, "layoff.people_planned").At("people_planned"),
	"layoff_region_fkey":              fault.New(fault.Invalid, "region.unknown").At("employer.region"),
	"layoff_withdrawn":                fault.New(fault.Conflict, "layoff.withdrawn"),
	"legal_hold_pkey":                 fault.New(fault.Conflict, "hold.set_already"),
	"officer_email":                   fault.New(fault.Conflict, "officer.email_taken"),
	"officer_email_check":             fault.New(fault.Invalid, "officer.email_invalid").At("email"),
	"officer_grant_four_eyes":         fault.New(fault.Forbidden, "grant.own_proposal"),
	"officer_grant_not_confirmed_own": fault.New(fault.Forbidden, "grant.own"),
	"setup_code_not_own":              fault.New(fault.Forbidden, "setup.own"),
	"law_release_four_eyes":           fault.New(fault.Forbidden, "law.own"),
	"officer_grant_not_own":           fault.New(fault.Forbidden, "grant.own"),
	"officer_grant_officer_id_fkey":   fault.New(fault.NotFound, "officer.not_found"),
	"officer_grant_once":              fault.New(fault.Conflict, "grant.exists"),
	"officer_grant_period":            fault.New(fault.Invalid, "grant.period").At("valid_until"),
	"officer_grant_region_fkey":       fault.New(fault.Invalid, "region.unknown").At("region"),
	"officer_office_fkey":             fault.New(fault.Invalid, "region.unknown").At("office"),
	"placement_period":                fault.New(fault.Invalid, "placement.started").At("occurred_on"),
	"prakerja_card_one":               fault.New(fault.Conflict, "prakerja.already_awarded"),
	"proposal_once":                   fault.New(fault.Conflict, "proposal.already_made"),
	"proposal_vacancy_id_fkey":        fault.New(fault.Invalid, "vacancy.not_found").At("vacancy"),
	"referral_consent_how":            fault.New(fault.Invalid, "referral.consent").At("consent"),
	"referral_reason":                 fault.New(fault.Invalid, "referral.reason_unknown").At("reason"),
	"referral_consent":                fault.New(fault.Invalid, "referral.consent").At("consent"),
	"referral_check":                  fault.New(fault.Invalid, "referral.own_office").At("to"),
	"referral_one_transfer":           fault.New(fault.Conflict, "referral.already_offered"),
	"referral_to_region_fkey":         fault.New(fault.Invalid, "region.unknown").At("to"),
	"training_attendance_check":       fault.New(fault.Invalid, "training.attendance").At("attendance"),
	"training_class_id_fkey":          fault.New(fault.Invalid, "class.not_found").At("class"),
	"training_period":                 fault.New(fault.Invalid, "training.period").At("occurred_on"),
	"vacancy_full":                    fault.New(fault.Conflict, "vacancy.full").At("vacancy"),
	"vacancy_not_open":                fault.New(fault.Conflict, "vacancy.not_open").At("vacancy"),
	"vacancy_over":                    fault.New(fault.Conflict, "vacancy.over").At("vacancy"),
	"vacancy_employer_check":          fault.New(fault.Invalid, "vacancy.employer_missing").At("employer"),
	"vacancy_expiry":                  fault.New(fault.Invalid, "vacancy.expired").At("expires_on"),
	"vacancy_fair_id_fkey":            fault.New(fault.Invalid, "job_fair.not_found").At("fair"),
	"vacancy_occupation_check":        fault.New(fault.Invalid, "vacancy.occupation").At("occupation"),
	"vacancy_once":                    fault.New(fault.Conflict, "vacancy.exists"),
	"vacancy_openings_check":          fault.New(fault.Invalid, "vacancy.openings").At("openings"),
	"vacancy_region_check":            fault.New(fault.Invalid, "region.unknown").At("region"),
	"vacancy_region_fkey":             fault.New(fault.Invalid, "region.unknown").At("region"),
	"vacancy_title_check":             fault.New(fault.Invalid, "vacancy.title_missing").At("title"),
	"vacancy_wage_check":              fault.New(fault.Invalid, "vacancy.wage").At("wage"),
}

// impossible are the constraints that no input can violate, each with the reason. When one fires after all, it is a
// bug: the reason stands in the log beside it.
var impossible = withParts(reasons(map[string][]string{
	"a fresh id that the program makes": {
		"officer_event_pkey", "law_release_pkey", "webhook_pkey", "bulk_pkey",
		"access_record_pkey", "cases_pkey",
		"class_pkey", "emergency_pkey", "employer_pkey", "export_pkey",
		"finding_pkey", "intake_pkey", "job_fair_pkey", "layoff_pkey", "matching_pkey",
		"officer_grant_pkey", "officer_pkey",
		"sample_pkey", "session_pkey", "session_id", "vacancy_pkey", "vacancy_change_pkey",
		"worker_pkey",
	},
	"what a migration writes, never a request": {"schema_migration_pkey", "schema_migration_sha256_check"},
	"the case that the transaction holds locked": {
		"case_history_case",
		"case_worker_case", "case_worker_pkey", "erasure_case", "linked_case_case", "linked_case_other_id_fkey",
		"finding_case", "legal_hold_case", "match_case",
		"referral_from_region_fkey",
		"task_case",
	},
	"the next number of a history that the transaction holds locked": {
		"case_history_pkey", "case_history_seq_check", "cases_history", "cases_version_check", "layoff_history_head",
		"layoff_history_pkey", "layoff_history_seq_check", "law_history_pkey", "law_history_seq_check", "law_release_head",
		"law_release_version_check", "law_history_release_id_fkey",
	},
	"a part of the same case or list, found there before": {
		"intake_row_intake_id_fkey", "attendance_training_id_fkey", "certificate_assessment_id_fkey",
		"certificate_training_id_fkey", "claim_month_claim_id_fkey", "placement_application_id_fkey",
		"proposal_application_id_fkey",
	},
	"an officer who is signed in; officers are never deleted": {
		"mail_day_officer_id_fkey", "officer_mail_officer_id_fkey", "webhook_officer_id_fkey", "bulk_officer_id_fkey",
		"law_release_approved_by_fkey", "law_release_put_in_by_fkey", "law_release_withdrawn_by_fkey",
		"officer_event_actor_fkey", "officer_event_officer_id_fkey", "officer_grant_confirmed_by_fkey",
		"officer_grant_proposed_by_fkey", "setup_code_issued_by_fkey", "setup_code_officer_id_fkey",
		"sign_in_origin_officer_id_fkey", "officer_event_grant_id_fkey",
		"class_created_by_fkey", "emergency_officer_id_fkey", "emergency_reviewed_by_fkey", "erasure_decided_by_fkey",
		"erasure_requested_by_fkey", "export_decided_by_fkey", "export_officer_id_fkey", "finding_answered_by_fkey",
		"finding_found_by_fkey", "finding_settled_by_fkey", "intake_officer_id_fkey", "job_fair_created_by_fkey",
		"layoff_reported_by_fkey", "matching_officer_id_fkey", "officer_created_by_fkey",
		"officer_grant_granted_by_fkey", "officer_grant_revoked_by_fkey", "sample_officer_id_fkey",
		"session_officer_id_fkey", "vacancy_reported_by_fkey", "vacancy_verified_by_fkey",
		"vacancy_change_officer_id_fkey",
	},
	"a digest or a key that the program computes": {
		"deployment_keyset_check", "setup_code_digest_check", "sign_in_budget_key_check", "sign_in_origin_address_check",
		"case_history_hash_check", "case_history_prev_hash_check", "cases_head_check", "intake_file_digest_check",
		"layoff_head_check", "layoff_history_hash_check", "layoff_history_prev_hash_check",
		"law_history_hash_check", "law_history_prev_hash_check", "law_release_head_check",
		"sample_frame_digest_check", "session_token_digest_check", "worker_nik_hash_check",
	},
	"written with on conflict, or by a function that looks first": {
		"mail_day_pkey", "officer_mail_pkey",
		"deployment_pkey", "deployment_wrapping_pkey", "setup_code_pkey", "sign_in_budget_pkey", "sign_in_origin_pkey",
		"access_alarm_pkey", "attendance_pkey", "cases_region", "cases_worker_id_fkey", "claim_month_pkey",
		"erasure_pkey", "intake_once", "job_wish_pkey", "layoff_employer_id_fkey",
		"log_checkpoint_pkey", "log_tile_pkey", "match_pkey", "reminder_pkey", "rollup_pkey", "task_pkey",
	},
	"follows from the state, which a lifecycle alone sets": {
		"cases_closed", "cases_custody", "cases_due_named", "cases_duplicate", "cases_follow_up", "cases_worker",
		"claim_decided", "claim_month_paid",
		"claim_running", "emergency_short", "export_ready", "layoff_due_named", "vacancy_verified",
	},
	"counted or computed by the program": {
		"webhook_delivery_pkey", "webhook_delivery_webhook_id_fkey",
		"bulk_case_bulk_id_fkey", "bulk_case_pkey", "bulk_counts", "log_check_pkey",
		"access_record_lines_check", "setup_code_short",
		"business_grants_check", "claim_month_amount_check", "claim_month_n_check", "claim_month_window",
		"document_size_check", "linked_case_other", "linked_case_pkey",
		"intake_row_pkey", "layoff_jobs_saved_check", "match_rank_check", "prakerja_card_paid_check",
		"vacancy_change_vacancy_id_fkey", "vacancy_change_version_check",
	},
	"held by the contract of the API, which has the same limits": {
		"claim_month_applications_check", "claim_month_attendance_check", "claim_month_calls_check",
		"class_places_check", "training_cost_check",
	},
	"only a transaction that voids deletes parts": {"part_voided_only"},
	"the runtime role has no right to do it": {
		"deployment_change_append_only",
		"access_record_append_only", "case_history_append_only", "layoff_history_append_only", "log_append_only",
		"law_history_append_only",
	},
	"typed at the command line, which checks it": {
		"deployment_change_person_check", "deployment_change_reason_check", "deployment_the_one_check",
	},
	"written by the program about its own counting and sealing": {
		"law_edition_pkey", "law_edition_the_one_check", "law_release_approved", "law_release_immutable",
		"counted_pkey", "state_columns_columns_key", "state_columns_pkey", "state_seal_columns_fkey", "state_seal_mac_check",
		"state_seal_pkey", "state_step_pkey", "state_since_pkey", "state_since_the_one_check",
	},
	"written by the sealer alone, under its lock": {
		"log_checkpoint_size_check", "log_leaf_idx_check", "log_leaf_once", "log_leaf_pkey", "log_state_pkey",
		"log_state_the_one_check", "log_tile_hashes_check", "log_tile_level_check", "log_tile_n_check",
		"rollup_state_one_check", "rollup_state_pkey",
	},
	"reference data, which only a migration writes": {
		"goose_db_version_pkey", "office_pkey", "region_code_check",
		"region_parent", "region_parent_fkey", "region_pkey", "region_superseded_current_code_fkey",
		"region_superseded_pkey",
	},
}))

// withParts adds what every table of a kind of part has.
func withParts(all map[string]string) map[string]string {
	for _, k := range track.Kinds() {
		a := k.About()
		all[a.Table+"_case"] = "the case that the transaction holds locked"
		if key := a.Table + "_pkey"; all[key] == "" {
			all[key] = "a fresh id that the program makes"
		}
	}
	return all
}

func reasons(groups map[string][]string) map[string]string {
	all := map[string]string{}
	for reason, names := range groups {
		for _, name := range names {
			all[name] = reason
		}
	}
	for name, list := range catalogue.Checks() {
		all[name] = "a column of its Go type, " + list.Name + ", whose values a test compares with this list"
	}
	return all
}
