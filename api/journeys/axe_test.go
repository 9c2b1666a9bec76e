//go:build journeys

package journeys_test

import (
	"fmt"
	"os"
	"strings"
)

// axeScript is axe-core, which `make journeys` fetches.
var axeScript string

func readAxe() error {
	script, err := os.ReadFile(cache + "/axe.min.js")
	if err != nil {
		return fmt.Errorf("read axe-core (make journeys fetches it): %w", err)
	}
	axeScript = string(script)
	return nil
}

// violation is what axe finds wrong.
type violation struct {
	ID, Help string
	Nodes    []struct{ HTML string }
}

// axe examines the page as it is drawn now.
func (b *tab) axe(what string) {
	b.Helper()
	b.put(axeScript)
	found := read[[]violation](b, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
		"best-practice"], resultTypes: ["violations"]}).then(r => r.violations.map(v => ({ID: v.id, Help: v.help,
		Nodes: v.nodes.map(n => ({HTML: n.html}))})))`)
	seen.page(len(found))
	for _, v := range found {
		b.Errorf("%s: axe: %s: %s, %d times: %s", what, v.ID, v.Help, len(v.Nodes), strings.TrimSpace(v.Nodes[0].HTML))
	}
}

// put runs a script in the page, for a look at it.
func (b *tab) put(script string) {
	b.Helper()
	read[bool](b, script+"\n;true")
}
