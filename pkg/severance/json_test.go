package severance_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

// The answer is stored with a case and read years later: a changed key is a changed record, and has to be meant.
func TestAnswersAsTheyAreStored(t *testing.T) {
	t.Parallel()
	f := facts(termination.Resign, "2019-11-01", "2025-03-10", 6_000_000)
	f.RightsKnown = false
	f.Rights = []severance.Right{{Kind: severance.UnusedLeave, Amount: 600_000}}
	compensation, err := law(t).Compensate(contract("2024-01-01", "2024-07-31", 5_000_000))
	if err != nil {
		t.Fatal(err)
	}
	loss := assess(t, facts(termination.EfficiencyLoss, "2019-11-01", "2025-03-10", 4_999_999))
	for name, answer := range map[string]any{
		"efficiency_loss": loss, "resign": assess(t, f), "compensation": compensation,
		"findings": loss.Check(severance.Offer{Kind: severance.SeverancePay, Amount: 1}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := json.MarshalIndent(answer, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(filepath.Join("testdata", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(append(got, '\n'), want) {
				t.Errorf("the stored form is\n%s", got)
			}
		})
	}
}
