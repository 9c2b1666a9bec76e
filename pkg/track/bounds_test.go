package track_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
)

// An offer is answered until its last day and expires on the next, on which nothing else can become of it.
func TestTheLastDayOfAReferral(t *testing.T) {
	t.Parallel()
	no := refusal{"referral.transition_refused", ""}
	for _, kind := range []track.ReferralKind{track.ServiceReferral, track.CustodyTransfer} {
		for _, to := range []track.ReferralState{"accepted", "declined", "taken_back", "expired", "done", "offered"} {
			for on, r := range map[int]refusal{0: taken, 100: taken, 101: no} {
				switch to {
				case track.ReferralExpired:
					r = map[int]refusal{0: no, 100: no, 101: taken}[on]
				case track.ReferralDone, track.ReferralOffered:
					r = no
				}
				f := referral(kind)("offered")
				c := casework.Case{Region: "3273", Officer: authz.OfficerID{1}}
				_, err := f.Answer(&c, part, to, day(on))
				want(t, fmt.Sprintf("%s %s on day %d", kind, to, on), err, r)
				moved := kind == track.CustodyTransfer && to == track.ReferralAccepted && r == taken
				if (c.Region == "3204") != moved || (c.Officer == authz.OfficerID{}) != moved {
					t.Errorf("%s %s on day %d: the case is in %s with %s", kind, to, on, c.Region, c.Officer)
				}
			}
		}
	}
	f := referral(track.ServiceReferral)("accepted")
	_, err := f.Answer(&casework.Case{}, part, track.ReferralDone, day(400))
	want(t, "a service has no last day", err, taken)
}

// Whatever else waits ends when the case goes; what is settled stays as it is.
func TestAcceptingATransferEndsWhatElseWaits(t *testing.T) {
	t.Parallel()
	f := referral(track.CustodyTransfer)("offered")
	for state, left := range map[track.ReferralState]track.ReferralState{"offered": "taken_back", "accepted": "taken_back",
		"declined": "declined",
		"expired":  "expired", "done": "done"} {
		g := track.Tracks{Referrals: append([]track.Referral{{Kind: track.ServiceReferral, State: state}}, f.Referrals...)}
		_, err := g.Answer(&casework.Case{Region: "3273"}, part, track.ReferralAccepted, day(1))
		want(t, "accepted", err, taken)
		if g.Referrals[0].State != left || g.Referrals[1].State != track.ReferralAccepted {
			t.Errorf("%s became %s, want %s", state, g.Referrals[0].State, left)
		}
	}
}

func TestWhatIsOfferedToWhomAndUntil(t *testing.T) {
	t.Parallel()
	by := refusal{"referral.answer_by", "answer_by"}
	for _, x := range []struct {
		name    string
		kind    track.ReferralKind
		to      region.Code
		service track.ReferralService
		by      calendar.Date
		r       refusal
	}{
		{"until today", "service", "3204", "training", day(5), taken},
		{"until yesterday", "service", "3204", "training", day(4), by},
		{"for ninety days", "custody", "3204", "all", day(95), taken},
		{"for ninety-one", "custody", "3204", "all", day(96), by},
		{"to oneself", "custody", "3273", "all", day(5), refusal{"referral.own_office", "to"}},
		{"of no kind", "gift", "3204", "all", day(5), refusal{"referral.kind_unknown", "kind"}},
		{"for nothing", "service", "3204", "", day(5), refusal{"referral.service_unknown", "service"}},
	} {
		_, err := track.Referrals.Add(at(&casework.Case{Region: "3273"}, &track.Tracks{}, day(5)),
			track.Referral{Kind: x.kind, To: x.to, Service: x.service, AnswerBy: x.by})
		want(t, x.name, err, x.r)
	}
	var f track.Tracks
	_, err := track.Referrals.Add(at(&casework.Case{Region: "3273"}, &f, start),
		track.Referral{Kind: track.CustodyTransfer, To: "3204", Service: "all"})
	want(t, "until nobody said", err, taken)
	if f.Referrals[0].AnswerBy != day(14) {
		t.Errorf("answer by %s", f.Referrals[0].AnswerBy)
	}
}

// Beside an offer that waits there is no second one of a transfer, to whomever, nor of a service of the same office.
func TestAnOfferBesideAnother(t *testing.T) {
	t.Parallel()
	again := refusal{"referral.already_offered", ""}
	for _, x := range []struct {
		there, offered track.Referral
		r              refusal
	}{
		{track.Referral{Kind: "custody", To: "3204", State: "offered"}, track.Referral{Kind: "custody", To: "3275",
			Service: "all"}, again},
		{track.Referral{Kind: "custody", To: "3204", State: "accepted"}, track.Referral{Kind: "custody", To: "3275",
			Service: "all"}, taken},
		{track.Referral{Kind: "custody", To: "3204", State: "expired"}, track.Referral{Kind: "custody", To: "3204",
			Service: "all"}, taken},
		{track.Referral{Kind: "custody", To: "3204", Service: "all", State: "offered"},
			track.Referral{Kind: "service", To: "3204", Service: "all"}, taken},
		{track.Referral{Kind: "service", To: "3204", Service: "training", State: "offered"},
			track.Referral{Kind: "service", To: "3204", Service: "training"}, again},
		{track.Referral{Kind: "service", To: "3204", Service: "training", State: "accepted"},
			track.Referral{Kind: "service", To: "3204", Service: "training"}, again},
		{track.Referral{Kind: "service", To: "3204", Service: "training", State: "done"},
			track.Referral{Kind: "service", To: "3204", Service: "training"}, taken},
		{track.Referral{Kind: "service", To: "3204", Service: "training", State: "offered"},
			track.Referral{Kind: "service", To: "3275", Service: "training"}, taken},
		{track.Referral{Kind: "service", To: "3204", Service: "training", State: "offered"},
			track.Referral{Kind: "service", To: "3204", Service: "placement"}, again},
		{track.Referral{Kind: "service", To: "3204", Service: "all", State: "accepted"},
			track.Referral{Kind: "service", To: "3204", Service: "training"}, again},
	} {
		f := track.Tracks{Referrals: []track.Referral{x.there}}
		_, err := track.Referrals.Add(at(&casework.Case{Region: "3273"}, &f, start), x.offered)
		want(t, fmt.Sprintf("%+v beside %+v", x.offered, x.there), err, x.r)
	}
}

// Attendance is of days from the first one of the training to today, of an enrolment that is under way, 1 to 200 at
// once.
func TestWhichDaysOfAClassAreRecorded(t *testing.T) {
	t.Parallel()
	days := func(from, n int) (list []track.Attendance) {
		for i := range n {
			list = append(list, track.Attendance{On: day(from + i), Present: true})
		}
		return list
	}
	count := refusal{"training.days", "days"}
	for _, x := range []struct {
		name  string
		state track.TrainingState
		days  []track.Attendance
		r     refusal
	}{
		{"before the first", "in_training", days(4, 1), refusal{"training.day", "days[0].on"}}, {"the first", "in_training", days(5, 1), taken},
		{"today", "in_training", days(300, 1), taken}, {"tomorrow", "in_training", days(300, 2), refusal{"training.day", "days[1].on"}},
		{"none", "in_training", nil, count}, {"the most", "in_training", days(5, 200), taken},
		{"one more", "in_training", days(5, 201), count},
		{"not begun", "enrolled", days(5, 1), refusal{"training.not_under_way", ""}},
		{"over", "completed", days(5, 1), refusal{"training.not_under_way", ""}},
		{"left", "dropped", days(5, 1), refusal{"training.not_under_way", ""}},
	} {
		f := track.Tracks{Trainings: []track.Training{{ID: part, State: x.state, StartsOn: day(5), Attendance: -1}}}
		_, err := f.Attend(part, x.days, day(300))
		want(t, x.name, err, x.r)
		_, err = f.Attend(uuid.UUID{9}, days(5, 1), day(300))
		want(t, "of another case", err, refusal{"training.not_found", ""})
	}
	f := track.Tracks{Trainings: []track.Training{{ID: part, State: track.InTraining, StartsOn: day(5)}}}
	for _, list := range [][]track.Attendance{days(5, 3), {{On: day(6)}}} {
		_, err := f.Attend(part, list, day(300))
		want(t, "recorded", err, taken)
	}
	if len(f.Attendances) != 3 || f.Trainings[0].Attendance != 66 {
		t.Errorf("corrected to %d days, %d percent", len(f.Attendances), f.Trainings[0].Attendance)
	}
}

// Only who was found competent is certified from an assessment, and once.
func TestACertificateEndsItsAssessment(t *testing.T) {
	t.Parallel()
	paper := track.Certificate{Assessment: part, Kind: track.CompetenceCertificate, Number: "1", Issuer: "LSP",
		IssuedOn: start}
	no := refusal{"certificate.not_competent", ""}
	for state, r := range map[track.AssessmentState]refusal{"applied": no, "verified": no, "not_yet_competent": no,
		"competent": taken, "issued": no,
		"withdrawn": no} {
		f := track.Tracks{Assessments: []track.Assessment{{ID: part, State: state, Scheme: "Las", Units: "C.1"}}}
		_, err := track.Certificates.Add(at(&casework.Case{}, &f, start), paper)
		want(t, "of one "+string(state), err, r)
		derive(&casework.Case{}, &f)
		if r == taken && (f.Assessments[0].State != track.AssessmentIssued || f.Certificates[0].Scheme != "Las" ||
			f.Certificates[0].Units != "C.1") {
			t.Errorf("%+v", f)
		}
	}
	for issued, r := range map[int]refusal{4: {"certificate.before_earned", "issued_on"}, 5: taken, 6: taken} {
		for what, id := range map[string]track.Certificate{"assessment": {Assessment: part}, "training": {Training: part}} {
			f := track.Tracks{Assessments: []track.Assessment{{ID: part, State: track.Competent, AssessedOn: day(5)}},
				Trainings: []track.Training{{ID: part, State: track.Completed, StartsOn: day(5)}}}
			id.Kind, id.Number, id.Issuer, id.IssuedOn = track.CompetenceCertificate, "1", "LSP", day(issued)
			_, err := track.Certificates.Add(at(&casework.Case{}, &f, day(9)), id)
			want(t, fmt.Sprintf("of an %s, on day %d", what, issued), err, r)
		}
	}
	_, err := track.Certificates.Add(at(&casework.Case{}, &track.Tracks{}, start), paper)
	want(t, "of another case", err, refusal{"assessment.not_found", ""})
	for _, x := range []struct {
		until calendar.Date
		r     refusal
	}{{calendar.Date{}, taken}, {start, taken}, {day(-1), refusal{"certificate.period", "valid_until"}}} {
		_, err := track.Certificates.Add(at(&casework.Case{}, &track.Tracks{}, start),
			track.Certificate{Kind: track.TrainingCertificate, Number: "1", Issuer: "BLK", IssuedOn: start, ValidUntil: x.until})
		want(t, "until "+x.until.String(), err, x.r)
	}
}

// One business at a time; the advanced level is for who graduated from the first one and hired somebody.
func TestABusinessAfterAnother(t *testing.T) {
	t.Parallel()
	again, small := refusal{"business.already_proposed", ""}, refusal{"business.not_grown", ""}
	for state, r := range map[track.BusinessState]refusal{"proposed": again, "admin_verified": again,
		"field_verified": again, "selected": again,
		"coached": again, "disbursed": again, "reported": again, "graduated": taken, "ended": taken} {
		f := track.Tracks{Businesses: []track.Business{{State: state, Workers: 1}}}
		_, err := track.Businesses.Add(at(&casework.Case{}, &f, start), track.Business{Title: "Warung", Level: track.Starter})
		want(t, "after one "+string(state), err, r)
	}
	for _, x := range []struct {
		state   track.BusinessState
		workers int
		r       refusal
	}{{"graduated", 1, taken}, {"graduated", 0, small}, {"ended", 3, small}} {
		f := track.Tracks{Businesses: []track.Business{{State: x.state, Workers: x.workers}}}
		_, err := track.Businesses.Add(at(&casework.Case{}, &f, start),
			track.Business{Title: "Warung", Level: track.Advanced})
		want(t, fmt.Sprintf("grown from one %s with %d", x.state, x.workers), err, x.r)
	}
	_, err := track.Businesses.Add(at(&casework.Case{}, &track.Tracks{}, start), track.Business{Title: "Warung"})
	want(t, "of no level", err, refusal{"business.level_unknown", "level"})
}

// The grant belongs to the disbursement, to nothing else and not without it; a visit is of a business that goes on.
func TestTheGrantOfABusiness(t *testing.T) {
	t.Parallel()
	wrong := refusal{"business.grant", "grant"}
	for _, x := range []struct {
		from, to track.BusinessState
		grant    money.Rupiah
		on       int
		r        refusal
	}{
		{"coached", "disbursed", 5_000_000, 3, taken}, {"coached", "disbursed", 0, 3, wrong},
		{"coached", "disbursed", -1, 3, wrong},
		{"coached", "ended", 1, 3, wrong}, {"disbursed", "", 1, 3, wrong}, {"disbursed", "", 0, 3, taken},
		{"graduated", "", 0, 3, refusal{"business.transition_refused", ""}},
		{"ended", "", 0, 3, refusal{"business.transition_refused", ""}},
		{"proposed", "", 0, 0, taken}, {"proposed", "", 0, -1, refusal{"business.before_proposing", "occurred_on"}},
	} {
		f := track.Tracks{Businesses: []track.Business{{ID: part, State: x.from, ProposedOn: start}}}
		_, err := businessStep(&f, part, x.to, track.Growth{Grant: x.grant}, day(x.on))
		want(t, fmt.Sprintf("%s to %q with %d", x.from, x.to, x.grant), err, x.r)
	}
}

// A vacancy is proposed once, whatever became of it, and answered once, on the day of the proposal or later.
func TestAProposalIsMadeAndAnsweredOnce(t *testing.T) {
	t.Parallel()
	no := refusal{"proposal.transition_refused", ""}
	for state, r := range map[track.ProposalState]refusal{"proposed": taken, "accepted": no, "declined": no, "hired": no} {
		for _, accepted := range []bool{true, false} {
			f := track.Tracks{Proposals: []track.Proposal{{ID: part, Vacancy: uuid.UUID{5}, State: state, ProposedOn: start}}}
			_, err := track.Proposals.Add(at(&casework.Case{}, &f, start), track.Proposal{Vacancy: uuid.UUID{5}})
			want(t, "proposed again", err, refusal{"proposal.already_made", ""})
			_, err = f.AnswerProposal(&casework.Case{}, part, uuid.UUID{2}, accepted, start)
			want(t, "answered, "+string(state), err, r)
			if made := len(f.Applications) == 1; made != (accepted && r == taken) {
				t.Errorf("%s, accepted %v: %+v", state, accepted, f.Applications)
			}
		}
	}
	f := track.Tracks{Proposals: []track.Proposal{{ID: part, State: track.Proposed, ProposedOn: start}}}
	_, err := f.AnswerProposal(&casework.Case{}, part, uuid.UUID{2}, true, day(-1))
	want(t, "before it was made", err, refusal{"proposal.before_proposing", "occurred_on"})
	_, err = f.AnswerProposal(&casework.Case{}, uuid.UUID{9}, uuid.UUID{2}, true, start)
	want(t, "of another case", err, refusal{"proposal.not_found", ""})
}

// KBJI has one to four digits; the first wanted job is needed, and a reach.
func TestWhatAWishIs(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		wish track.Wish
		r    refusal
	}{
		{track.Wish{Occupation1: "7", Reach: "nation"}, taken},
		{track.Wish{Occupation1: "7212", Occupation3: "1", Reach: "regency"}, taken},
		{track.Wish{Reach: "nation"}, refusal{"wish.occupation", "occupations[0]"}},
		{track.Wish{Occupation1: "72123", Reach: "nation"}, refusal{"wish.occupation", "occupations[0]"}},
		{track.Wish{Occupation1: "7", Occupation2: "x", Reach: "nation"}, refusal{"wish.occupation", "occupations[1]"}},
		{track.Wish{Occupation1: "7", Occupation3: "7.1", Reach: "nation"}, refusal{"wish.occupation", "occupations[2]"}},
		{track.Wish{Occupation1: "7"}, refusal{"wish.reach", "reach"}}, {track.Wish{Occupation1: "7", Reach: "world"},
			refusal{"wish.reach", "reach"}},
	} {
		f := track.Tracks{Wishes: []track.Wish{{Occupation1: "9"}}}
		_, err := track.Wishes.Add(at(&casework.Case{}, &f, start), x.wish)
		want(t, fmt.Sprintf("%+v", x.wish), err, x.r)
		if len(f.Wishes) != 1 || (f.Wishes[0] == x.wish) != (x.r == taken) {
			t.Errorf("left %+v", f.Wishes)
		}
	}
}

// Consent is taken back while a referral waits or a service is given, and not once it is over.
func TestConsentIsTakenBackWhileAReferralLasts(t *testing.T) {
	t.Parallel()
	over := refusal{"referral.transition_refused", ""}
	for kind, lasts := range map[track.ReferralKind]refusal{track.ServiceReferral: taken, track.CustodyTransfer: over} {
		for state, r := range map[track.ReferralState]refusal{"offered": taken, "accepted": lasts, "declined": over,
			"expired": over, "taken_back": over, "done": over} {
			f := referral(kind)(string(state))
			_, err := f.TakeConsentBack(part, day(101)) // also after the last day of an answer
			want(t, string(kind)+" "+string(state), err, r)
			if left := f.Referrals[0]; r == taken && (left.State != track.ReferralTakenBack || left.AnsweredOn != day(101) ||
				left.Version != 2) {
				t.Errorf("left %+v", left)
			}
		}
	}
	_, err := (&track.Tracks{}).TakeConsentBack(part, day(1))
	want(t, "of another case", err, refusal{"referral.not_found", ""})
}

// A class takes until its first day, and no more after it.
func TestAClassThatHasBegun(t *testing.T) {
	t.Parallel()
	for on, r := range map[int]refusal{4: taken, 5: taken, 6: {"class.begun", "class"}} {
		_, err := track.Trainings.Add(at(&casework.Case{}, &track.Tracks{}, day(on)), track.Training{ID: part, Class: part,
			Scheme: track.BLK, Provider: "BLK", Programme: "Las", StartsOn: day(5), EndsOn: day(9)})
		want(t, fmt.Sprintf("on day %d", on), err, r)
	}
}
