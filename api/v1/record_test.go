package v1

import (
	"reflect"
	"testing"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/track"
)

// Every fact of the employment that is on record goes into what the worker is owed, under its own name.
func TestWhatIsOnRecordIsReckonedWith(t *testing.T) {
	t.Parallel()
	amount := func(n int64) *int64 { return &n }
	got := recorded(casework.Employment{StartedOn: day(1), Contract: "permanent", ContractEnds: day(2), EndedBy: "worker",
		FirmSize: "micro", BaseWage: amount(1), Allowance: amount(2), UnpaidWages: amount(3), LastPaidOn: day(3),
		UnusedLeave: amount(4), WorkWeek: 6, AgreedAmount: amount(5), SeparationPay: amount(7), Segment: "other"})
	want := assessment.Employment{StartOn: day(1), Contract: "permanent", ContractEnds: day(2), EndedBy: "worker",
		FirmSize: "micro", UnpaidWages: amount(3), LastPaidOn: day(3), Segment: "other",
		Beside: assessment.Beside{AgreedAmount: amount(5), SeparationPay: amount(7), UnusedLeave: new(4), WorkWeekDays: 6}}
	want.Wage.Base, want.Wage.Allowance = 1, 2
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, want %+v", got, want)
	}
	if got := recorded(casework.Employment{Allowance: amount(2)}); !reflect.DeepEqual(got, assessment.Employment{}) {
		t.Errorf("an allowance without a wage: %+v", got)
	}
}

func TestHowADocumentIsShown(t *testing.T) {
	t.Parallel()
	d := track.Document{ID: id(1), Kind: "termination_letter", Of: id(2), ReceivedOn: day(3), Media: track.PNG, Size: 4,
		SHA256: "cd"}
	want := Document{ID: idOfN("01"), Kind: "termination_letter", Of: idOfN("02"), ReceivedOn: day(3), Media: track.PNG,
		Size: 4, SHA256: "cd"}
	if got := documentOf(d); got != want {
		t.Errorf("a scan of a part: %+v", got)
	}
	d.Of, want.Of = [16]byte{}, ""
	if got := documentOf(d); got != want {
		t.Errorf("a scan of the case: %+v", got)
	}
}

// Followers hear of each change, be it of the state or of the counts alone, and of nothing else.
func TestWhatFollowersAreTold(t *testing.T) {
	t.Parallel()
	before := intake.Intake{ID: id(1), State: intake.Checking}
	for name, c := range map[string]struct {
		change func(*intake.Intake)
		gone   bool
		told   bool
	}{
		"nothing":    {func(*intake.Intake) {}, false, false},
		"the counts": {func(i *intake.Intake) { i.Counts.Valid = 1 }, false, true},
		"the state":  {func(i *intake.Intake) { i.State = intake.Checked }, false, true},
		"a version":  {func(i *intake.Intake) { i.Version++ }, false, false},
		"it is gone": {func(*intake.Intake) {}, true, true},
	} {
		f, now := newFollow(lookEvery, nil), before
		l := &followed{now: before, news: make(chan struct{})}
		news := l.news
		c.change(&now)
		f.tell(now.ID, l, now, c.gone)
		told := false
		select {
		case <-news:
			told = true
		default:
		}
		if told != c.told || l.gone != c.gone {
			t.Errorf("%s: told %t, gone %t", name, told, l.gone)
		}
	}
}
