package main

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// fence finds the walk-through's commands, each with the answers that follow them.
var fence = regexp.MustCompile("(?s)```(sh|text)\n(.*?)```")

// What differs from run to run, and what stands for it in the README.
var volatile = []struct {
	pattern *regexp.Regexp
	name    string
}{
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "ID"},
	{regexp.MustCompile(`"updated_at":"[^"]*"`), `"updated_at":"TIME"`},
	{regexp.MustCompile(`"opened_on":"[^"]*"`), `"opened_on":"DATE"`},
	{regexp.MustCompile(`permenaker-5-2025,[0-9-]+`), "permenaker-5-2025,TODAY"},
	{regexp.MustCompile(`as of [0-9: -]+ UTC`), "as of TIME"},
	{regexp.MustCompile(`log of [0-9]+ entries; signed by [^ ]+`), "log of SIZE entries; signed by KEY"},
}

func normal(text string) string {
	for _, v := range volatile {
		text = v.pattern.ReplaceAllString(text, v.name)
	}
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// The README's walk-through is run as it stands, against a server started as `make run` starts it, with a private
// PostgreSQL of its own, and every answer is compared.
func TestWalkThroughOfTheReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	address, output := emptyDemo(t)
	passwords := regexp.MustCompile(`(?m)^  (\w+)@demo\.tanggap\.id\s+(\S+)`).FindAllStringSubmatch(output, -1)
	script, want := bytes.NewBufferString("set -e\ncd ../..\n"), ""
	for _, block := range fence.FindAllStringSubmatch(string(readme), -1) {
		if block[1] == "text" {
			want += block[2]
			continue
		}
		text := strings.ReplaceAll(block[2], "http://127.0.0.1:8080", "http://"+address)
		for _, p := range passwords {
			text = strings.Replace(text, strings.ToUpper(p[1])+"=…", strings.ToUpper(p[1])+"="+p[2], 1)
		}
		script.WriteString(text)
	}
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(script.String(), "./bin/tanggap", path)
	folder := t.TempDir()
	text = strings.ReplaceAll(text, " history", " "+filepath.Join(folder, "history"))
	cmd := bound(t, append(os.Environ(), "TANGGAP_SERVER=http://"+address, "TANGGAP_LANG=en"), "bash", "-c", text)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s\n%s", err, errs.String(), out)
	}
	got := strings.ReplaceAll(normal(string(out)), folder+"/", "")
	if want := normal(want); got != want {
		g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
		for i := range min(len(g), len(w)) {
			if g[i] != w[i] {
				t.Errorf("answer %d\ngot  %s\nwant %s", i+1, g[i], w[i])
			}
		}
		if len(g) != len(w) {
			t.Errorf("%d lines, want %d", len(g), len(w))
		}
	}
}

// emptyDemo starts `serve --demo --empty` on a free port and gives the address and what it printed.
func emptyDemo(t *testing.T) (address, output string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = l.Addr().String()
	_ = l.Close()
	// Not t.TempDir: the database runs as another user, who must be able to reach the folder.
	folder, err := os.MkdirTemp("/tmp", "tg")
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, address: address, env: append(os.Environ(), "TANGGAP_DATA_DIR="+filepath.Join(folder, "d"),
		"TANGGAP_LISTEN="+address, "TANGGAP_DATABASE_URL=")}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := p.command("serve", "--demo", "--empty")
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		_ = os.RemoveAll(folder)
	})
	p.await(30 * time.Second)
	return address, out.String()
}
