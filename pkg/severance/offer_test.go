package severance_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

// Two examples that were published and are wrong; the law refuses both.
func TestPublishedExamplesThatAreWrong(t *testing.T) {
	t.Parallel()
	rows := ruletest.Rows(t, "published_wrong.csv")
	if len(rows) != 2 {
		t.Fatalf("%d published examples, want 2", len(rows))
	}
	for _, row := range rows {
		t.Run(row["example"], func(t *testing.T) {
			t.Parallel()
			a := assess(t, facts(termination.Reason(row["reason"]), row["start"], row["end"], rupiah(t, row["wage"])))
			offer := severance.Offer{Kind: severance.PartKind(row["part"]), Amount: rupiah(t, row["published"])}
			got := a.Check(offer)[0]
			if got.Verdict == severance.Agrees || string(got.Verdict) != row["verdict"] ||
				got.Lawful != rupiah(t, row["lawful"]) {
				t.Errorf("%s: lawful %s, want %s and %s", got.Verdict, got.Lawful, row["verdict"], row["lawful"])
			}
		})
	}
}

func TestOffersAgainstTheLaw(t *testing.T) {
	t.Parallel()
	f := facts(termination.EfficiencyLoss, "2019-11-01", "2025-03-10", 6_000_000) // UP 18 m, UPMK 12 m
	f.Rights = []severance.Right{{Kind: severance.UnusedLeave, Amount: 600_000},
		{Kind: severance.FareHome, Amount: 400_000}}
	resigned := facts(termination.Resign, "2019-11-01", "2025-03-10", 6_000_000)
	for name, c := range map[string]struct {
		facts severance.Facts
		offer severance.Offer
		want  severance.Verdict
	}{
		"the law's UP": {f, severance.Offer{Kind: severance.SeverancePay, Amount: 18_000_000},
			severance.Agrees},
		"one rupiah less": {f, severance.Offer{Kind: severance.SeverancePay, Amount: 17_999_999},
			severance.Below},
		"more than the minimum": {f, severance.Offer{Kind: severance.SeverancePay, Amount: 20_000_000},
			severance.Above},
		"nothing for UPMK": {f, severance.Offer{Kind: severance.ServicePay}, severance.Below},
		"items are taken together": {f, severance.Offer{Kind: severance.RightsCompensation, Amount: 1_000_000},
			severance.Agrees},
		"one item left out": {f, severance.Offer{Kind: severance.RightsCompensation, Amount: 600_000},
			severance.Below},
		"uang pisah that is not owed": {f, severance.Offer{Kind: severance.SeparationPay, Amount: 1}, severance.Above},
		"no uang pisah, rightly":      {f, severance.Offer{Kind: severance.SeparationPay}, severance.Agrees},
		"UP after a resignation": {resigned, severance.Offer{Kind: severance.SeverancePay, Amount: 1},
			severance.Above},
		"uang pisah nobody has stated": {resigned, severance.Offer{Kind: severance.SeparationPay, Amount: 5},
			severance.Unknown},
		"no uang pisah, nothing stated": {resigned, severance.Offer{Kind: severance.SeparationPay}, severance.Unknown},
		"a kind that no assessment has": {f, severance.Offer{Kind: severance.FixedTermCompensation}, severance.Agrees},
		"a negative offer is below zero": {resigned, severance.Offer{Kind: severance.ServicePay, Amount: -1},
			severance.Below},
	} {
		got := assess(t, c.facts).Check(c.offer)
		if len(got) != 1 || got[0].Verdict != c.want || got[0].Kind != c.offer.Kind || got[0].Offered != c.offer.Amount {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
	if got := assess(t, f).Check(); len(got) != 0 {
		t.Errorf("findings out of nothing: %v", got)
	}
}
