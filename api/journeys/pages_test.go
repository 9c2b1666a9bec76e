//go:build journeys

package journeys_test

import (
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// route is a page as the program lists it.
type route struct{ method, path, right string }

var routes = sync.OnceValues(func() ([]route, error) {
	out, err := exec.Command(program, "routes").Output()
	var all []route
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) >= 3 {
			all = append(all, route{f[0], f[1], f[2]})
		}
	}
	return all, err
})

// pagesOf are the pages of a method below a path.
func pagesOf(t *testing.T, method, below string) []route {
	t.Helper()
	all, err := routes()
	if err != nil {
		t.Fatal(err)
	}
	var out []route
	for _, r := range all {
		if r.method == method && strings.HasPrefix(r.path, below) && !strings.HasPrefix(r.path, "/v1/") {
			out = append(out, r)
		}
	}
	return out
}
