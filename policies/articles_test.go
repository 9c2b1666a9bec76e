package policies_test

import (
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/policies"
)

// subjects says for each article what it is about: a part of the keys of the figures that may cite it. Written from
// the legal basis, not from the files.
var subjects = map[string]map[string]string{
	"PP 35/2021": {
		"15": "fixed_term.last_day", "15(3)": "fixed_term.min_months", "15(5)": "fixed_term.foreigners",
		"16(1)": "fixed_term.p(art|er)_month", "16(2)-(4)": "fixed_term.wage", "16(6)": "fixed_term.small_firms",
		"17": "fixed_term.ended_early", "36": "letter", "37(3)": "steps.notice.", "37(4)": "steps.probation_notice.",
		"39(1)": "steps.refusal.", "39(2)": "steps.bipartite.limit", "40": "(last_day|rounding)$",
		"40(2)": "severance_pay", "40(3)": "service_pay", "40(4)": "rights.housing_medical",
		"40(4)(a)": "rights.unused_leave", "40(4)(b)": "rights.fare_home", "40(4)(c)": "rights.agreed",
		"41": "MERGER_SPINOFF", "42(1)": "ACQUISITION(\\.|$)", "42(2)": "ACQUISITION_TERMS_CHANGED_REFUSED",
		"43(1)": "EFFICIENCY_LOSS", "43(2)": "EFFICIENCY_PREVENT_LOSS", "44(1)": "CLOSURE_LOSS_2Y",
		"44(2)": "CLOSURE_NO_LOSS", "45(1)": "FORCE_MAJEURE_CLOSED", "45(2)": "FORCE_MAJEURE_NOT_CLOSED",
		"46(1)": "PKPU_LOSS", "46(2)": "PKPU_NO_LOSS", "47": "BANKRUPT", "47 (penjelasan)": "payer",
		"48": "EMPLOYER_FAULT", "49": "PETITION_REJECTED", "50": "RESIGN", "51": "ABSENT_5_DAYS",
		"52(1)": "VIOLATION_AFTER_SP3", "52(2)": "VIOLATION_URGENT", "52(2)-(3)": "VIOLATION_URGENT$",
		"52(3)": "notice_exempt", "53": "family_aid", "54(1)": "DETAINED_6M", "54(2)": "DETAINED_6M.no_loss",
		"54(1)-(2)": "DETAINED_6M$", "54(4)": "CONVICTED", "54(5)": "CONVICTED.no_loss", "54(4)-(5)": "CONVICTED$",
		"55": "LONG_ILLNESS_DISABILITY", "56": "RETIREMENT", "57": "DEATH", "58": "pension_offset",
		"58(1)": "separation_pay_elsewhere", "59": "^small_firms", "64(a)": "runs_from", "64(b)": "counts_from",
		"66": "in_force",
	},
	"PP 36/2021": {"17": "leave"},
	"PP 37/2021": {
		"4(2)(a)": "citizenship", "4(2)(b)": "age_below", "4(3)": "jkn_memberships", "4(3)(a)": "programmes_medium_large",
		"4(3)(b)": "programmes_micro_small", "4(4)": "jkn_memberships", "6(1)": "employer_registration",
		"6(3)": "participant_number", "8": "several_employers", "9": "report|data_change",
		"11": "contribution.worker", "11(2)-(5)": "contribution", "11(6)-(8)": "base_cap", "19(1)": "contract_types",
		"19(2)": "willing_to_work", "19(3)": "contribution|consecutive", "20(1)": "reasons",
		"20(1)(a)": "RESIGN", "20(1)(b)": "(?i)disability", "20(1)(c)": "RETIREMENT", "20(1)(d)": "DEATH",
		"20(2)": "pkwt_expiry", "20(3)": "evidence", "20(3)(a)": "evidence.0", "20(3)(b)": "evidence.[12]",
		"20(3)(c)": "evidence.[23]", "21": "max_total|rounding", "21(1)": "cash", "21(1)(a)-(b)": "max_total",
		"21(3)-(4)": "cap", "23": "underreported", "24": "settled", "25(2)": "counsellors", "28": "placement_report",
		"33(1)": "training_report", "35": "max_claims", "35(b)": "second_claim", "35(c)": "third_claim",
		"36": "several_employers", "37(1)": "payer.unregistered", "37(2)": "exempt_sizes", "39": "scattered_arrears",
		"39(1)-(2)": "arrears_months", "39(3)": "beyond", "39(5)": "refund_request", "39(6)": "refund_working_days",
		"39A": "beyond_insolvent", "39A(1)": "insolvent_arrears_months", "40(a)": "deadline|month_arithmetic",
		"40(b)": "no_other_job",
	},
	"PP 6/2025":  {"II(2)": "straddling_month"},
	"PP 46/2015": {"24": "employer_owes", "28": "employer_owes", "31(3)": "paid_within"},
	"PP 68/2009": {"1": "other_sums", "2(2)": "window_years", "4": "severance|rounding", "5": "old_age"},
	"UU PPh":     {"26": "non_resident"},
	"UU 13/2003": {
		"62": "damages", "95(1)-(2)": "wages", "95(3)": "other_rights", "151(4)": "disput|mk_ruling", "151A": "notice_exempt",
		"153(1)(a)": "sick", "153(1)(b)": "state_duty", "153(1)(c)": "worship", "153(1)(d)": "marriage",
		"153(1)(e)": "maternity", "153(1)(f)": "kinship", "153(1)(g)": "union", "153(1)(h)": "reporting_crime",
		"153(1)(i)": "belief", "153(1)(j)": "work_disability", "153(2)": "effect", "156(2)": "severance_pay.reads",
		"157(1)": "wage.monthly", "157(2)": "wage.daily", "157(3)": "wage.piece_months", "157(4)": "wage.piece_floor",
		"157A(3)": "until",
	},
	"UU 2/2004": {
		"3(2)": "steps.bipartite.limit", "3(3)": "steps.bipartite.silence", "4(2)": "file_completion",
		"4(4)": "settlement_choice", "7(1)-(3)": "agreement", "10": "mediator_study",
		"13(2)(b)": "mediator_recommendation", "13(2)(c)": "mediation_answer.limit",
		"13(2)(d)": "mediation_answer.silence", "13(2)(e)": "mediation_agreement", "15": "steps.mediation.",
		"20": "conciliat", "23(2)(b)": "conciliator_recommendation", "23(2)(c)": "conciliation_answer.limit",
		"23(2)(d)": "conciliation_answer.silence", "23(2)(e)": "conciliation_agreement", "25": "steps.conciliation.",
		"82": "steps.suit", "88(1)": "panel_naming", "89(1)": "first_hearing", "93": "postponed_hearing",
		"94": "last_postponed_hearing.silence", "98(2)": "fast_decision", "99(1)": "fast_hearing", "99(2)": "fast_evidence",
		"103": "industrial_court", "105": "judgment_notice", "106": "judgment_issue", "107": "judgment_delivery",
		"110": "cassation_request", "112": "cassation_file", "115": "steps.cassation.",
	},
	"PMK 148/PMK.02/2021": {"31(3)": "unit_cost_cap"}, "PMK 26/2025": {"31(3)": "unit_cost_cap"},
	"Permenaker 15/2021": {"13": "monthly|bank_account|attendance"},
	"Permenaker 2/2025": {
		"9(1)": "report", "13": "bank_account", "13(3)": "attendance", "13(3)(a)": "applications|calls|distinct",
		"13(3)(b)": "attendance", "13(5)": "status_form", "13(6)": "payment_working_days", "II": "at_boundary",
		"II(2)": "version_by", "II(4)": "version_by|claim_deadline", "II(5)": "in_force|cutover",
	},
	"Permenaker 6/2016": {
		"2": "min_months", "3": "rounding", "3(1)(a)": "full_months", "3(1)(b)": "p(er|art)_month", "3(2)": "wage",
		"4": "better_agreement", "5": "due_days", "7(1)-(2)": "protected_days", "7(3)": "fixed_term_ended", "10": "late_fine",
	},
	"Permenko 11/2020": {"20(1)": "first_purchase"},
	"Perpres 36/2020":  {"3": "age|citizen|occupations", "3(4)": "formal_education"},
	"Perpres 82/2018":  {"27(1)": "months|last_day|premium", "27(2)": "proofs", "27(3)": "dispute"},
}

// place is one article that a figure cites; the key is that of the figure in its file.
type place struct{ file, key, instrument, article string }

var (
	// instrument is an act with its number and year; a second one after it ("jo.", in brackets) amends it.
	instrument = regexp.MustCompile(`(PP|UU|PMK|Permenaker|Permenko|Perpres) ([0-9]+/[A-Z.0-9/]*[0-9]{4}|PPh)`)
	// article is a number with its paragraphs and letters, "54(1)-(2)", "II(2)", "47 (penjelasan)".
	article = regexp.MustCompile(`^(II|[0-9]+A?)(\([0-9a-z]+\))*(-\([0-9a-z]+\))?( \(penjelasan\))?$`)
	ruling  = regexp.MustCompile(`( as read by MK| UU 13/2003).*$`)
)

// places takes a citation and its articles apart: several stand after "; " or ", ".
func places(file, key, citation, articles string) (all []place) {
	for one := range strings.SplitSeq(articles, "; ") {
		act := instrument.FindString(citation)
		before, list, cites := strings.Cut(one, "Art. ")
		if !cites {
			continue
		}
		if named := instrument.FindString(before + ruling.FindString(list)); named != "" {
			act = named
		}
		for number := range strings.SplitSeq(ruling.ReplaceAllString(list, ""), ", ") {
			if number == "(4)" { // of the article before it
				number = "II(4)"
			}
			all = append(all, place{file, key, act, number})
		}
	}
	return all
}

// cited walks a file: a figure without a citation of its own has that of what it stands in.
func cited(node *yaml.Node, file, key, citation string) (all []place) {
	own, articles := "", ""
	for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
		switch node.Content[i].Value {
		case "citation":
			own = node.Content[i+1].Value
		case "article":
			articles = node.Content[i+1].Value
		}
	}
	if own == "" {
		own = citation
	}
	all = places(file, key, own, articles)
	for i, child := range node.Content {
		at := key
		if node.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			at = strings.TrimPrefix(key+"."+node.Content[i-1].Value, ".")
		} else if node.Kind == yaml.SequenceNode {
			at = key + "." + strconv.Itoa(i)
		}
		below := citation // the citation beside an article is of that article alone
		if key == "" {
			below = own
		}
		all = append(all, cited(child, file, at, below)...)
	}
	return all
}

func everyPlace(t *testing.T) (all []place) {
	t.Helper()
	files, err := fs.Glob(policies.FS, "programmes/*/*.yaml")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := policies.FS.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var document yaml.Node
		if err := yaml.Unmarshal(text, &document); err != nil {
			t.Fatal(err)
		}
		all = append(all, cited(document.Content[0], file, "", "")...)
	}
	return all
}

// Whoever reads an answer looks the article up: it is one of the act, it is about what the figure says, and it is
// written in one way.
func TestEveryArticleIsAboutWhatCitesIt(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range everyPlace(t) {
		about, known := subjects[p.instrument][p.article]
		switch {
		case !article.MatchString(p.article):
			t.Errorf("%s: %s: %q is written in no known way", p.file, p.key, p.article)
		case !known:
			t.Errorf("%s: %s cites %s Art. %s, which is not known here", p.file, p.key, p.instrument, p.article)
		case !regexp.MustCompile(about).MatchString(p.key):
			t.Errorf("%s: %s cites %s Art. %s, which is about %s", p.file, p.key, p.instrument, p.article, about)
		}
		seen[p.instrument+" "+p.article] = true
	}
	for act, articles := range subjects {
		for number := range articles {
			if !seen[act+" "+number] {
				t.Errorf("%s Art. %s is cited by no figure", act, number)
			}
		}
	}
}

// The search itself: each way to cite gives its acts and its numbers.
func TestCitationsAreTakenApart(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"PP 35/2021|Art. 54(1)-(2)":                                {"PP 35/2021 54(1)-(2)"},
		"PP 37/2021 jo. PP 6/2025|Art. 39(3), 39A":                 {"PP 37/2021 39(3)", "PP 37/2021 39A"},
		"PP 46/2015|Art. 24, 28":                                   {"PP 46/2015 24", "PP 46/2015 28"},
		"UU 2/2004|Art. 3(2); PP 35/2021 Art. 39(2)":               {"UU 2/2004 3(2)", "PP 35/2021 39(2)"},
		"Putusan MK 168/PUU-XXI/2023|atas Art. 151(4) UU 13/2003":  {"UU 13/2003 151(4)"},
		"UU 2/2004|Art. 82 as read by MK 132/PUU-XXIII/2025":       {"UU 2/2004 82"},
		"MK 168/PUU-XXI/2023|Art. 156(2) UU 13/2003 jo. UU 6/2023": {"UU 13/2003 156(2)"},
		"Permenaker 2/2025|Art. II(2), (4)":                        {"Permenaker 2/2025 II(2)", "Permenaker 2/2025 II(4)"},
		"Permenaker 4/2022|closing provision":                      nil,
	} {
		citation, articles, _ := strings.Cut(text, "|")
		var got []string
		for _, p := range places("", "", citation, articles) {
			got = append(got, p.instrument+" "+p.article)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
