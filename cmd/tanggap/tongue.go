package main

import (
	_ "embed"
	"errors"
	"os"
	"regexp"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/pkg/fault"
)

// tongue is the language of everything that this run of the program says: that of --lang, of TANGGAP_LANG, or of LANG.
// It is known before the command line is read, for what is wrong with that is said in it as well.
var tongue = tongueOf(os.Args[1:], os.Getenv)

func tongueOf(args []string, env func(string) string) string {
	asked := env("TANGGAP_LANG")
	for i, arg := range args {
		value, is := strings.CutPrefix(arg, "--lang=")
		if arg == "--lang" && i+1 < len(args) {
			value, is = args[i+1], true
		}
		if is && isTongue(value) {
			asked = value
		}
	}
	if isTongue(asked) {
		return asked
	}
	return language(env("LANG"))
}

func isTongue(lang string) bool { return lang == "id" || lang == "en" }

// language is the one that a locale speaks, such as en_GB.UTF-8: Indonesian, unless it is English.
func language(locale string) string {
	if strings.HasPrefix(locale, "en") {
		return "en"
	}
	return "id"
}

//go:embed words.id.yaml
var indonesianWords []byte

// indonesian is what the code says in English, in Indonesian.
var indonesian = sync.OnceValue(func() map[string]string {
	words := map[string]string{}
	if err := yaml.Unmarshal(indonesianWords, &words); err != nil {
		panic(err)
	}
	return words
})

// spoken is a sentence, or the form of one, in the language of this run. A test finds what has no Indonesian.
func spoken(english string) string {
	if tongue == "en" {
		return english
	}
	if text, known := indonesian()[english]; known {
		return text
	}
	return english
}

// worded is an error in the language of this run: faults as the API words them, and what other programs and the system
// say as far as it is known.
func worded(err error) string {
	text := err.Error()
	if f, ok := errors.AsType[*fault.Error](err); ok {
		text = strings.Replace(text, f.Error(), told(f, tongue), 1)
	}
	if tongue == "en" {
		return text
	}
	for _, c := range causes {
		text = c.english.ReplaceAllString(text, c.indonesian)
	}
	return text
}

// cause is how a library or the system says something, and how it is said in Indonesian.
type cause struct {
	english    *regexp.Regexp
	indonesian string
}

func causing(english, indonesian string) cause { return cause{regexp.MustCompile(english), indonesian} }

// causes are those that wrong input, a wrong setting or a wrong place brings about.
var causes = []cause{
	// of the command line
	causing(`unknown flag (\S+?)(,|$)`, `opsi $1 tidak dikenal$2`),
	causing(`unexpected argument (\S+?)(,|$)`, `argumen $1 tidak dikenal$2`),
	causing(`unexpected flag argument (\S+)`, `nilai $1 tidak dapat diberikan kepada opsi ini`),
	causing(`, did you mean one of (.*)\?`, `, mungkin maksud Anda salah satu dari $1?`),
	causing(`, did you mean (.*)\?`, `, mungkin maksud Anda $1?`),
	causing(`missing flags: `, `opsi yang wajib diisi: `),
	causing(`missing positional arguments `, `argumen yang wajib diisi: `),
	causing(`(\S+) must be one of (.*) but got (.*)`, `$1 harus salah satu dari $2, bukan $3`),
	causing(`bool value must be .* but got (.*)`, `harus true atau false, bukan $1`),
	causing(`expected duration but got ("[^"]*"): .*`, `harus rentang waktu seperti 15m, bukan $1`),
	causing(`expected a valid \d+ bit u?int but got ("[^"]*")`, `harus bilangan bulat, bukan $1`),
	causing(`expected \S+ value but got "EOL" \(EOL\)`, `nilainya belum diberikan`),
	causing(`expected \S+ value but got ("[^"]*") \(.*\)`, `nilainya belum diberikan, yang ada $1`),
	causing(`; perhaps try (.*)\?`, `; mungkin maksud Anda $1?`),
	causing(`expected one of `, `perlu salah satu dari `),
	causing(`expected "`, `perlu "`),
	causing(`\(from envar (.*)\)`, `(dari variabel $1)`),
	causing(`("[^"]*") exists but is a directory`, `$1 adalah folder, bukan berkas`),
	causing(`netip\.ParsePrefix\(("[^"]*")\): .*`, `$1 bukan jaringan seperti 10.0.0.0/8`),
	// of the system
	causing(`(?:stat|open|read|lstat) (\S+): no such file or directory`, `$1 tidak ada`),
	causing(`(?:mkdir|rename|open|read|create|write) (\S+): `, `$1: `),
	causing(`no such file or directory`, `berkas atau folder itu tidak ada`),
	causing(`permission denied`, `tidak diizinkan`),
	causing(`is a directory`, `adalah folder`),
	causing(`not a directory`, `bukan folder`),
	causing(`file exists`, `sudah ada`),
	causing(`no space left on device`, `diska penuh`),
	causing(`connection refused`, `koneksi ditolak`),
	causing(`no such host`, `host tidak dikenal`),
	causing(`address already in use`, `alamat sedang dipakai`),
	causing(`missing port in address`, `port belum disebut`),
	causing(`context deadline exceeded`, `waktunya habis`),
	// of parameter files and facts
	causing(`json: unknown field ("[^"]*")`, `isian $1 tidak dikenal`),
	causing(`unexpected end of JSON input`, `JSON terpotong`),
	causing(`unexpected EOF`, `terpotong`),
	// of this program's own parts
	causing(`the database is newer than this program`, `basis data lebih baru daripada program ini`),
	causing(`the database is older than this program`, `basis data lebih lama daripada program ini`),
	causing(`the database is not what its migrations make`, `basis data tidak sesuai dengan pembaruan skemanya`),
	causing(`the database is not safe to serve`, `basis data tidak aman untuk melayani`),
	causing(`the server has not the history of this database`, `peladen tidak memuat riwayat basis data ini`),
	causing(`this keyset is not the one that this database was made with`, `set kunci ini bukan milik basis data ini`),
	causing(`the keyset does not open every worker's data`, `set kunci tidak membuka data setiap pekerja`),
	causing(`the database URL is not a PostgreSQL connection string`, `URL basis data bukan alamat PostgreSQL`),
	causing(`no PostgreSQL 15 or newer found: install it with`,
		`PostgreSQL 15 atau lebih baru tidak ditemukan: pasang dengan`),
	causing(`the published checkpoints are damaged`, `titik periksa yang diterbitkan rusak`),
}
