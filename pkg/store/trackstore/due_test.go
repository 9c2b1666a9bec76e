package trackstore_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

// An offer is looked at from the day after its last one, where the day begins first; what is answered is not.
func TestWhichOffersAreDue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.OpenCase(t, "3273", 1)
	offer := func(n byte, state, due string) {
		b.Tamper(t, `insert into referral (id, case_id, region, kind, from_region, to_region, service, state, offered_on,
			answer_by, version) values ('`+
			uuid.UUID{15: n}.String()+`', '`+c.ID.String()+`', '3273', 'service', '3273', '3204', 'training', '`+state+`',
				'2026-11-01',
			(clock_timestamp() at time zone 'Asia/Jayapura')::date `+due+`, 1)`)
	}
	offer(1, "offered", "- 1")
	offer(2, "offered", "")
	offer(3, "offered", "+ 1")
	offer(4, "accepted", "- 1")
	offer(5, "offered", "- 9")
	due := func(limit int) (got []byte) {
		list, err := b.DueReferrals(t.Context(), limit)
		storetest.OK(t, err)
		for _, r := range list {
			got = append(got, r.ID[15])
		}
		return got
	}
	if got := due(9); !slices.Equal(got, []byte{5, 1}) {
		t.Errorf("due are %v", got)
	}
	if got := due(1); !slices.Equal(got, []byte{5}) {
		t.Errorf("of one due is %v", got)
	}
	for name, c := range map[string]struct {
		scope     region.Code
		direction *track.Direction
		state     *track.ReferralState
		after     byte
		want      []byte
	}{
		"what one offers":       {"3273", new(track.Outgoing), nil, 0, []byte{5, 4, 3, 2, 1}},
		"what one is offered":   {"3204", new(track.Incoming), nil, 0, []byte{5, 4, 3, 2, 1}},
		"not the other way":     {"3204", new(track.Outgoing), nil, 0, nil},
		"both ways, asked":      {"3204", nil, nil, 0, []byte{5, 4, 3, 2, 1}},
		"both ways, asking":     {"3273", nil, nil, 0, []byte{5, 4, 3, 2, 1}},
		"both ways, each once":  {"32", nil, nil, 0, []byte{5, 4, 3, 2, 1}},
		"in a state":            {"3273", new(track.Outgoing), new(track.ReferralAccepted), 0, []byte{4}},
		"after the page before": {"3273", new(track.Outgoing), nil, 3, []byte{2, 1}},
		"elsewhere":             {"3578", nil, nil, 0, nil},
	} {
		list, err := b.ListReferrals(t.Context(), storetest.In(c.scope), c.direction, c.state, uuid.UUID{15: c.after}, 9)
		storetest.OK(t, err)
		var got []byte
		for _, r := range list {
			got = append(got, r.ID[15])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Who asks reads what they wrote. Who is asked reads it, and the name, while the worker agrees to it or they have
// accepted; it may speak of the worker.
func TestWhoReadsTheMessageOfAReferral(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.OpenCase(t, "3273", 1)
	for n, r := range []struct {
		kind, state, consent string
		shown                bool
	}{
		{"service", "offered", "null", false},
		{"service", "offered", "'2026-11-01'", true},
		{"service", "accepted", "null", true},
		{"service", "declined", "'2026-11-01'", false},
	} {
		id := uuid.UUID{15: byte(n + 1)}
		consent := "null, ''"
		if r.consent != "null" {
			consent = r.consent + ", 'written'"
		}
		b.Tamper(t, `insert into referral (id, case_id, region, kind, from_region, to_region, service, state, offered_on,
			answer_by, version, message, consent_on, consent_how) values ('`+id.String()+`', '`+c.ID.String()+`', '3273',
			'`+r.kind+`', '3273', '3204', 'training', '`+r.state+`', '2026-11-01', '2026-12-01', 1, 'ikut pelatihan', `+
			consent+`)`)
		for scope, reads := range map[region.Code]bool{"3273": true, "32": true, "3204": r.shown} {
			v, err := b.GetReferral(t.Context(), storetest.In(scope), id)
			storetest.OK(t, err)
			if (v.Message != "") != reads {
				t.Errorf("%s, consent %s: %s reads %q", r.state, r.consent, scope, v.Message)
			}
			if named := v.Name != ""; named != (r.shown && scope != "3273") {
				t.Errorf("%s, consent %s: %s is told of %q", r.state, r.consent, scope, v.Name)
			}
		}
	}
	_, err := b.GetReferral(t.Context(), storetest.In("3578"), uuid.UUID{15: 1})
	storetest.WantCode(t, err, "referral.not_found")
}
