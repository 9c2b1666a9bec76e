package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fence finds the walk-through's commands, each with the answers that follow them.
var fence = regexp.MustCompile("(?s)```(sh|text)\n(.*?)```")

// What differs from run to run, and what stands for it in the guides.
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

// guides are the texts with commands in them: the README, and the guides in the order in which they are gone.
func guides(t *testing.T) string {
	t.Helper()
	list, err := os.ReadFile("../../api/guides/guides.yaml")
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{"../../README.md"}
	for _, name := range regexp.MustCompile(`(?m)^- name: (\w+)$`).FindAllStringSubmatch(string(list), -1) {
		paths = append(paths, "../../api/guides/"+name[1]+".md")
	}
	var all strings.Builder
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// The guides are run as they stand, one after the other, against a server started as the first of them says, with a
// private PostgreSQL of its own, and every answer is compared.
func TestTheGuides(t *testing.T) {
	t.Parallel()
	d := startDemo(t, "--empty")
	address := d.address
	script, want := bytes.NewBufferString("set -e\ncd ../..\n"), ""
	for _, block := range fence.FindAllStringSubmatch(guides(t), -1) {
		if block[1] == "text" {
			want += block[2]
			continue
		}
		text := strings.ReplaceAll(block[2], "http://127.0.0.1:8080", "http://"+address)
		for name, password := range d.passwords {
			text = strings.Replace(text, strings.ToUpper(name)+"=…", strings.ToUpper(name)+"="+password, 1)
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
