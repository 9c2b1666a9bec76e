package walk_test

import (
	"maps"
	"slices"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
)

// body is what a step sends: what the contract allows, or what makes sense where nearly all of that is refused.
func (w *walk) body(rt *rapid.T, r rest.Route) any {
	switch r.ID {
	case "claim-apply":
		return w.claim(rt)
	case "claim-correct":
		facts := w.claim(rt)
		return map[string]any{"reason": "x", "facts": map[string]any{"bank_account": facts["bank_account"],
			"applied_on": w.day(rt)}}
	case "worker-correct":
		return w.worker(rt)
	case "case-merge", "case-separate":
		return map[string]any{"with": rapid.SampledFrom(w.parts("with")).Draw(rt, "with"), "reason": "satu orang"}
	case "case-advance":
		return w.transition(rt)
	case "case-refer":
		return w.referral(rt)
	case "case-assign", "officer-handover":
		return map[string]any{"officer": w.assignee(rt)}
	case "vacancy-report":
		return w.vacancies(rapid.IntRange(1, 2).Draw(rt, "openings"))
	case "application-record", "placement-record":
		return w.job(rt, r)
	}
	s, has := w.contract.body(r)
	if !has {
		return nil
	}
	return w.value(rt, "body", s)
}

func (w *walk) vacancies(openings int) map[string]any {
	return map[string]any{"source": "uji", "items": []any{map[string]any{"region": w.here, "employer": "PT L",
		"title": "Penjahit", "occupation": "7531", "openings": openings}}}
}

// job is an application or a placement, by what it rests on or in words.
func (w *walk) job(rt *rapid.T, r rest.Route) any {
	body := map[string]any{"again": rapid.Bool().Draw(rt, "again")}
	on, rests := "applied_on", "vacancy"
	if r.ID == "placement-record" {
		on, rests = "started_on", "application"
	}
	if body[on] = w.day(rt); len(w.parts(rests)) > 0 && rapid.Bool().Draw(rt, "rests") {
		body[rests] = w.id(rt, rests)
		return body
	}
	body["employer"] = rapid.SampledFrom([]string{"PT Satu", "PT Dua"}).Draw(rt, "employer")
	body["position"] = rapid.SampledFrom([]string{"las", "jahit"}).Draw(rt, "position")
	return body
}

// entitled are facts that meet every criterion for a PHK of 2026-10-01.
func entitled() map[string]any {
	return map[string]any{"citizenship": "wni", "registered_on": "2020-01-01",
		"contract": "permanent", "firm_size": "large", "programmes": []string{"jkk", "jkm", "jht", "jp", "jkn"},
		"reason": "EFFICIENCY_LOSS", "evidence": []string{"acceptance_proof", "report_receipt_regency"},
		"dispute": "none", "reported": "yes", "contributions": []map[string]string{{"from": "2024-01", "to": "2026-09"}},
		"arrears_months": 0, "insolvent": "no",
		"claims_before": 0, "willing": "yes", "other_job": "no", "employer_deactivated": "yes", "bank_account": "yes"}
}

// claim are facts that mostly meet every criterion.
func (w *walk) claim(rt *rapid.T) map[string]any {
	facts := entitled()
	if rapid.IntRange(0, 3).Draw(rt, "complete") == 0 {
		delete(facts, rapid.SampledFrom(slices.Sorted(maps.Keys(facts))).Draw(rt, "left out"))
	}
	if rapid.Bool().Draw(rt, "dated") {
		facts["applied_on"] = w.day(rt)
	}
	return facts
}

// worker are one or two facts of a worker put right.
func (w *walk) worker(rt *rapid.T) any {
	facts := map[string]any{"name": "Siti Baru", "wage": 5_000_000, "phone": "081234567891", "sex": "female",
		"birth_date": "1990-01-02", "position": "supir", "address": "Jalan Lain", "terminated_on": w.day(rt),
		"nik": apitest.Worker(w.here, 9000-w.number, "x")["nik"], "kpj": "12345678901", "email": "a@contoh.go.id",
		"bank": "BRI", "bank_account": "12345678", "residence": w.there,
		"employment": map[string]any{"contract": "permanent", "unpaid_wages": 1_000_000}}
	body := map[string]any{"reason": "salah ketik"}
	names := slices.Sorted(maps.Keys(facts))
	for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 1, 2).Draw(rt, "facts") {
		if body[name] = facts[name]; rapid.IntRange(0, 5).Draw(rt, "clear") == 0 {
			body[name] = nil
		}
	}
	return body
}

func (w *walk) transition(rt *rapid.T) any {
	stage := rapid.SampledFrom([]string{"benefit", "training", "placement", "closed", "closed"}).Draw(rt, "to")
	body := map[string]any{"to": stage}
	if stage == "closed" {
		outcome := rapid.SampledFrom([]string{"placed", "self_employed", "rehired", "withdrawn", "unreachable", "deceased",
			"moved_abroad", "duplicate"}).Draw(rt, "outcome")
		body["outcome"], body["end_open_parts"] = outcome, rapid.Bool().Draw(rt, "end")
		if outcome == "duplicate" {
			body["duplicate_of"] = w.id(rt, "duplicate_of")
		}
	}
	if rapid.IntRange(0, 2).Draw(rt, "dated") == 0 {
		body["occurred_on"] = w.day(rt)
	}
	return body
}

func (w *walk) referral(rt *rapid.T) any {
	body := map[string]any{"kind": "custody", "to": rapid.SampledFrom([]any{w.there, w.here, "1101"}).Draw(rt, "office")}
	if rapid.Bool().Draw(rt, "service") {
		body["kind"], body["service"] = "service", rapid.SampledFrom([]string{"training", "all"}).Draw(rt, "which")
	}
	if rapid.Bool().Draw(rt, "consent") {
		body["message"], body["consent"] = "pesan", map[string]any{"on": w.day(rt), "how": "spoken"}
	}
	return body
}

// assignee is one of the officers, whoever that is, or nobody.
func (w *walk) assignee(rt *rapid.T) string {
	all := []string{"", "me"}
	for _, o := range w.officers {
		all = append(all, o.ID.String())
	}
	return rapid.SampledFrom(all).Draw(rt, "officer")
}

// words are values of texts that the contract leaves open.
func (w *walk) words(name string) []string {
	switch name {
	case "region":
		return []string{string(w.here), string(w.there)}
	case "reason":
		return []string{"efficiency_loss", "job", "death", "x"}
	}
	return open[name]
}

var open = map[string][]string{"occupation": {"5223"}, "occupations": {"7212", "5223"}, "kbli": {"14"},
	"event": {"notice_delivered", "negotiation_started", "negotiation_closed", "agreement_signed", "terminated",
		"refusal_delivered", "decision_final"},
	"nib": {"1234567890123"}, "account": {"12345678"}, "number": {"1", "2"}}
