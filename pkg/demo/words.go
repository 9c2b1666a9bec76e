package demo

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
)

// Days of office.yaml: T is today, D the last day of work of the worker, R the day on which the claim was decided; each
// with days and months from there: T-3, R+2m+1, D-24m. "month D-1m" is the month of a day.
var (
	dayWord   = regexp.MustCompile(`^(month )?([TDR])((?:[+-]\d+m?)*)$`)
	moves     = regexp.MustCompile(`[+-]\d+m?`)
	bracketed = regexp.MustCompile(`\[[TDR][^\]]*\]`)
	named     = regexp.MustCompile(`\{(\w+)\}`)
)

// decided is how many days after the last day of work a claim is decided.
const decided = 12

func (s *scene) dayOf(word string) (calendar.Date, error) {
	m := dayWord.FindStringSubmatch(word)
	if m == nil {
		return calendar.Date{}, fmt.Errorf("%q is no day", word)
	}
	day := s.today
	switch m[2] {
	case "D":
		day = s.out
	case "R":
		day = s.out.AddDays(decided)
	}
	for _, move := range moves.FindAllString(m[3], -1) {
		n, err := strconv.Atoi(strings.TrimSuffix(move, "m"))
		switch {
		case err != nil:
			return calendar.Date{}, fmt.Errorf("%q is no day: %w", word, err)
		case strings.HasSuffix(move, "m"):
			day = day.AddMonths(n)
		default:
			day = day.AddDays(n)
		}
	}
	return day, nil
}

// fill puts what names stand for into a text.
func (s *scene) fill(text string) string {
	return named.ReplaceAllStringFunc(text, func(name string) string {
		name = strings.Trim(name, "{}")
		if name == "version" {
			return strconv.Itoa(s.versions[s.names["case"]])
		}
		return s.names[name]
	})
}

// dated puts days into a list: [T-50].
func (s *scene) dated(list string) string {
	return bracketed.ReplaceAllStringFunc(list, func(word string) string {
		day, err := s.dayOf(strings.Trim(word, "[]"))
		if err != nil {
			return word
		}
		return day.String()
	})
}

// bodyOf is what a step sends; nil where it sends nothing.
func (s *scene) bodyOf(one step) (map[string]any, error) {
	if one.Body == nil {
		return nil, nil
	}
	filled, err := s.filled(one.Body)
	body, _ := filled.(map[string]any)
	return body, err
}

// filled is a value with its names and days filled in.
func (s *scene) filled(value any) (any, error) {
	switch value := value.(type) {
	case string:
		text := s.fill(value)
		if m := dayWord.FindStringSubmatch(text); m != nil {
			day, err := s.dayOf(strings.TrimPrefix(text, "month "))
			if m[1] != "" {
				return day.String()[:len("2006-01")], err
			}
			return day.String(), err
		}
		return text, nil
	case []any:
		list := make([]any, len(value))
		for i := range value {
			one, err := s.filled(value[i])
			if err != nil {
				return nil, err
			}
			list[i] = one
		}
		return list, nil
	case map[string]any:
		object := map[string]any{}
		for name, of := range value {
			one, err := s.filled(of)
			if err != nil {
				return nil, err
			}
			object[name] = one
		}
		return object, nil
	}
	return value, nil
}

// opening is the body that opens the case of a worker.
type opening struct {
	Region       string        `json:"region"`
	TerminatedOn calendar.Date `json:"terminated_on"`
	Layoff       string        `json:"layoff,omitempty"`
	Worker       person        `json:"worker"`
}

type person struct {
	Name      string        `json:"name"`
	NIK       string        `json:"nik"`
	BirthDate calendar.Date `json:"birth_date"`
	Sex       string        `json:"sex"`
	Position  string        `json:"position"`
	Employer  string        `json:"employer"`
	Phone     string        `json:"phone"`
	Wage      int           `json:"wage"`
	Residence string        `json:"residence"`
}

// employers of the cast by what office.yaml calls their layoffs.
var employers = map[string]string{"": "CV Misal Sejahtera", "garmen": "PT Contoh Garmen Jaya",
	"tekstil": "PT Peraga Tekstil"}

func (s *scene) opening(i int, w worker) (opening, error) {
	born, err := calendar.ParseDate(w.Born)
	if err != nil {
		return opening{}, err
	}
	region := w.Region
	if region == "" {
		region = "3273"
	}
	return opening{Region: region, TerminatedOn: s.out, Layoff: s.names[w.Of], Worker: person{Name: w.Name,
		NIK: nik(region, born, w.Sex, i), BirthDate: born, Sex: w.Sex, Position: w.Job, Employer: employers[w.Of],
		Phone: fmt.Sprintf("08120000%04d", i), Wage: 3_200_000 + i%9*150_000, Residence: region}}, nil
}

// nik makes the number of somebody who does not exist: no regency has a district 99.
func nik(region string, born calendar.Date, sex string, i int) string {
	day := born.Day()
	if sex == "female" {
		day += 40
	}
	return fmt.Sprintf("%s99%02d%02d%02d9%03d", region, day, born.Month(), born.Year()%100, i+1)
}
