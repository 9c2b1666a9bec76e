package coursestore_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

type bundle struct{ *storetest.Office }

func setup(t *testing.T) *bundle {
	t.Helper()
	return &bundle{storetest.NewOffice(t)}
}
