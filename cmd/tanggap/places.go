package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tanggap/tanggap/pkg/localpg"
	"github.com/tanggap/tanggap/pkg/store"
)

// places is where a command finds everything that lasts. Every command says it before it does anything.
type places struct {
	database    string // without a password
	folder      string // of the private PostgreSQL; "" with a database of one's own
	exists      bool   // there is a private database already
	keys        string
	checkpoints string
	exports     string
	documents   string
}

// places looks for everything without touching it.
func (d *database) places() (p places, err error) {
	if d.URL != "" {
		p.database, p.exists = store.Place(d.URL), true
		p.keys, err = d.keysApart()
	} else {
		p.folder, p.exists, err = localpg.Find(d.DataDir)
		p.database, p.keys = fmt.Sprintf(spoken("private PostgreSQL in %s"), p.folder), filepath.Join(p.folder, "keys.json")
	}
	if err != nil {
		return p, err
	}
	if d.Keys != "" {
		p.keys = d.Keys
	}
	p.checkpoints, p.exports, p.documents = d.Sink, d.Exports, d.Scans
	if p.checkpoints == "" {
		p.checkpoints = filepath.Join(filepath.Dir(p.keys), "checkpoints")
	}
	if p.exports == "" {
		p.exports = filepath.Join(filepath.Dir(p.keys), "exports")
	}
	if p.documents == "" {
		p.documents = filepath.Join(filepath.Dir(p.keys), "documents")
	}
	return p, nil
}

// keysApart is where the keyset of a database of one's own lies when its place is not named.
func (d *database) keysApart() (string, error) {
	if d.Keys != "" {
		return d.Keys, nil
	}
	folder, err := os.UserConfigDir()
	if err != nil {
		return "", errors.New(spoken("name the keyset with TANGGAP_KEYS: there is no place for it by default"))
	}
	return filepath.Join(folder, "tanggap", "keys.json"), nil
}

func (p places) String() string {
	return fmt.Sprintf(spoken("database: %s; keys: %s; checkpoints: %s; exports: %s; documents: %s"),
		p.database, p.keys, p.checkpoints, p.exports, p.documents)
}

// valid refuses settings that contradict each other. A command works on the database that is named or on a private
// one, never on the one while the settings speak of the other.
func (d *database) valid(migrates bool) error {
	switch {
	case d.URL == "" && d.OwnerURL != "":
		return errors.New(spoken("TANGGAP_DATABASE_URL is missing (--database-url): " +
			"TANGGAP_OWNER_DATABASE_URL names a database, so no private one is used"))
	case migrates && d.URL != "" && d.OwnerURL == "":
		return errors.New(spoken("TANGGAP_OWNER_DATABASE_URL is missing (--owner-database-url): " +
			"the login of TANGGAP_DATABASE_URL may not do this"))
	case d.Conns < leastConns:
		return fmt.Errorf(spoken("--connections=%d: at least %d are needed"), d.Conns, leastConns)
	}
	return nil
}

// leastConns is how few connections the program can work with.
const leastConns = 2

// begin checks the settings and says where everything is. Only commands that make a database go on without one.
func (d *database) begin(migrates, makes bool) error {
	if err := d.valid(migrates); err != nil {
		return err
	}
	p, err := d.places()
	if err != nil {
		return err
	}
	d.tell(p.String())
	if !p.exists && !makes {
		return fmt.Errorf(spoken("there is no database in %s yet: `%s` makes one, "+
			"or name the place of yours with --data-dir or TANGGAP_DATA_DIR"), p.folder, d.called("migrate"))
	}
	return nil
}

// tell says what is going on; what a command prints for others to read goes elsewhere.
func (d *database) tell(line string) {
	if d.Say != nil {
		d.Say(line)
		return
	}
	fmt.Fprintln(os.Stderr, "tanggap:", line)
}

// called is a command of this program as it has to be typed here, on the same data.
func (d *database) called(args ...string) string {
	words := append([]string{os.Args[0]}, args...)
	if d.DataDir != "" && d.URL == "" {
		words = append(words, "--data-dir", d.DataDir)
	}
	for i, word := range words {
		words[i] = quoted(word)
	}
	return strings.Join(words, " ")
}

// advise adds to an error about an old schema how to migrate here.
func (d *database) advise(err error) error {
	if errors.Is(err, store.ErrOlderSchema) {
		return fmt.Errorf(spoken("%w (here: %s)"), err, d.called("migrate"))
	}
	return err
}

// quoted is a word as a shell reads it.
func quoted(word string) string {
	if word != "" && !strings.ContainsAny(word, " \t\n'\"\\$`;&|<>()*?[]{}~#!") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
