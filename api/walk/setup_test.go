package walk_test

import (
	"cmp"
	"flag"
	"os"
	"testing"

	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// TestMain takes few walks unless told otherwise, by the environment or by the flags of rapid.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{"rapid.checks": cmp.Or(os.Getenv("TANGGAP_WALKS"), "6"),
		"rapid.steps": "40"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	storetest.Main(m)
}
