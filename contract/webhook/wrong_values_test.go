package webhook_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

var errRefused = errors.New("data not valid")

// refusing is a merchant that refuses pushes by what is in them.
func refusing(wrong func(push map[string]any) bool) func() http.Handler {
	return func() http.Handler {
		return merchant{store: func(push map[string]any) error {
			if wrong(push) {
				return errRefused
			}
			return nil
		}}
	}
}

// isStay says that a push is an entry or an exit; isExit that it is an exit.
func isStay(push map[string]any) bool { return push["synId"] != nil }
func isExit(push map[string]any) bool { return push["exitTime"] != nil }

func textOf(push map[string]any, name string) string {
	text, _ := push[name].(string)
	return text
}

func numberOf(push map[string]any, name string) (float64, bool) {
	n, ok := push[name].(json.Number)
	f, err := n.Float64()
	return f, ok && err == nil
}

// at is the right merchant, but for one path.
func at(path string, wrong http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", merchant{})
	mux.Handle(path, wrong)
	return mux
}

// matching is a merchant that wants a field of stays to match a pattern.
func matching(name, pattern string) func() http.Handler {
	re := regexp.MustCompile(pattern)
	return refusing(func(push map[string]any) bool {
		return isStay(push) && push[name] != nil && !re.MatchString(textOf(push, name))
	})
}

// stays remembers which entries and exits came.
type stays struct {
	mu           sync.Mutex
	entry, exits map[string]bool
}

func (s *stays) merchant(wrong func(s *stays, id string, exit bool) bool) http.Handler {
	s.entry, s.exits = map[string]bool{}, map[string]bool{}
	return merchant{store: func(push map[string]any) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		id := strings.ToLower(textOf(push, "synId"))
		if id == "" {
			return nil
		}
		if wrong(s, id, isExit(push)) {
			return errRefused
		}
		if isExit(push) {
			s.exits[id] = true
		} else {
			s.entry[id] = true
		}
		return nil
	}}
}

// Merchants that are wrong in which values they accept.
var wrongValues = map[string]wrong{
	"refuses unbindings": {func() http.Handler { return at("/etcp/unbind", refusing(func(map[string]any) bool { return true })()) }, []string{"unbind"}},
	"refuses lost certifications": {
		func() http.Handler {
			return at("/etcp/certification-invalid", refusing(func(map[string]any) bool { return true })())
		}, []string{"certification-invalid"},
	},
	"reads remainingDays as an int": {refusing(func(push map[string]any) bool {
		_, err := strconv.Atoi(textOf(push, "remainingDays"))
		return isStay(push) && err != nil
	}), []string{"empty-remaining-days"}},
	"knows long-term cars only":          {refusing(func(push map[string]any) bool { return push["userType"] == "77" && !isExit(push) }), []string{"temporary-entry"}},
	"knows exits of long-term cars only": {refusing(func(push map[string]any) bool { return push["userType"] == "77" && isExit(push) }), []string{"temporary-exit"}},
	"requires userType":                  {refusing(func(push map[string]any) bool { return isStay(push) && push["userType"] == nil }), []string{"without-user-type"}},
	"requires pushTime":                  {refusing(func(push map[string]any) bool { return isStay(push) && push["pushTime"] == nil }), []string{"without-push-time"}},
	"refuses masked plates":              {refusing(func(push map[string]any) bool { return strings.Contains(textOf(push, "plateNumber"), "*") }), []string{"plate-masked"}},
	"refuses masked plates at the exit": {refusing(func(push map[string]any) bool {
		return isExit(push) && strings.Contains(textOf(push, "plateNumber"), "*")
	}), []string{"plate-masked-exit"}},
	"does not know 使": {refusing(func(push map[string]any) bool { return strings.HasPrefix(textOf(push, "plateNumber"), "使") }), []string{"plate-provinces"}},
	"knows no emergency services": {refusing(func(push map[string]any) bool {
		return strings.HasSuffix(textOf(push, "plateNumber"), "应急")
	}), []string{"plate-emergency"}},
	"wants the plate to end in a digit": {matching("plateNumber", `[0-9A-Z]$`), []string{"plate-suffixes"}},
	"wants a digit in a plate":          {matching("plateNumber", `[0-9]`), []string{"plate-letters"}},
	"does not know the hour 23":         {matching("entranceTime", ` ([01][0-9]|2[0-2]):`), []string{"time-last-second"}},
	"months have thirty days":           {matching("entranceTime", `-(0[1-9]|[12][0-9]|30) `), []string{"time-month-ends", "time-new-year"}},
	"has no 29 February":                {refusing(func(push map[string]any) bool { return strings.Contains(textOf(push, "entranceTime"), "-02-29") }), []string{"time-leap-day"}},
	"a stay ends in the year it began": {refusing(func(push map[string]any) bool {
		return isExit(push) && textOf(push, "entranceTime")[:4] != textOf(push, "exitTime")[:4]
	}), []string{"exit-long-stay", "time-new-year"}},
	"an entry does not follow its exit": {func() http.Handler {
		return new(stays).merchant(func(s *stays, id string, exit bool) bool { return !exit && s.exits[id] && !s.entry[id] })
	}, []string{"exit-before-entry"}},
	"an entry does not follow twice": {func() http.Handler {
		return new(stays).merchant(func(s *stays, id string, exit bool) bool { return !exit && s.exits[id] && s.entry[id] })
	}, []string{"twice-entry-after-exit"}},
	"an exit needs its entry": {func() http.Handler {
		return new(stays).merchant(func(s *stays, id string, exit bool) bool { return exit && !s.entry[id] })
	}, []string{"exit-before-entry", "exit-without-entry"}},
	"takes a stayedTime of 0 for missing": {refusing(func(push map[string]any) bool { n, ok := numberOf(push, "stayedTime"); return ok && n == 0 }), []string{"exit-at-once"}},
	"nobody stays for a year":             {refusing(func(push map[string]any) bool { n, ok := numberOf(push, "stayedTime"); return ok && n > 365*86400 }), []string{"exit-long-stay"}},
	"takes a stay that was free for one without a fee": {refusing(func(push map[string]any) bool {
		n, ok := numberOf(push, "receivableFee")
		return ok && n == 0 && push["userType"] == "77"
	}), []string{"exit-at-once", "exit-fee-0"}},
	"takes a fee of 0 for missing":      {refusing(func(push map[string]any) bool { n, ok := numberOf(push, "receivableFee"); return ok && n == 0 }), []string{"exit"}},
	"keeps parkId in 16 bits":           {refusing(func(push map[string]any) bool { n, ok := numberOf(push, "parkId"); return ok && n > 65535 }), []string{"park-id-large"}},
	"wants a number of parkId":          {refusing(func(push map[string]any) bool { _, ok := numberOf(push, "parkId"); return isStay(push) && !ok }), []string{"park-id-text"}},
	"wants a synId in lower case":       {matching("synId", `^[0-9a-f-]{36}$`), []string{"syn-id-upper-case"}},
	"takes remainingDays 0 for missing": {refusing(func(push map[string]any) bool { return push["remainingDays"] == "0" }), []string{"remaining-days-0"}},
	"writes its SQL by hand":            {refusing(func(push map[string]any) bool { return strings.Contains(textOf(push, "parkName"), "'") }), []string{"text-quotes"}},
	"keeps texts in utf8 of three bytes": {
		refusing(func(push map[string]any) bool {
			return slices.ContainsFunc([]rune(textOf(push, "parkName")), func(r rune) bool { return r > 0xffff })
		}), []string{"text-four-bytes"},
	},
	"takes a kibibyte":          {readsAtMost(1024), []string{"body-long"}},
	"wants a pushTime of exits": {refusing(func(push map[string]any) bool { return isExit(push) && push["pushTime"] == nil }), []string{"exit-without-optional"}},
	"wants an exit pushed on its day": {refusing(func(push map[string]any) bool {
		left, pushed := textOf(push, "exitTime"), textOf(push, "pushTime")
		return left != "" && pushed != "" && left[:10] != pushed[:10]
	}), []string{"exit-push-time-later"}},
	"has texts only":                   {refusing(func(push map[string]any) bool { _, number := numberOf(push, "memo"); return number }), []string{"unknown-field"}},
	"reads into a buffer of 512 bytes": {readsAtMost(512), []string{"body-long"}},
	"wants a pushTime of the same day": {refusing(func(push map[string]any) bool {
		entered, pushed := textOf(push, "entranceTime"), textOf(push, "pushTime")
		return textOf(push, "exitTime") == "" && len(pushed) > 10 && len(entered) > 10 && pushed[:10] != entered[:10]
	}), []string{"push-time-later"}},
	"keeps names in fifty characters": {refusing(func(push map[string]any) bool { return len([]rune(textOf(push, "parkName"))) > 50 }), []string{"text-long"}},
}

// readsAtMost is a merchant that refuses bodies of more bytes.
func readsAtMost(most int) func() http.Handler {
	return func() http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil || len(body) > most {
				http.Error(w, `{"code":6,"message":"too large"}`, http.StatusRequestEntityTooLarge)
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			merchant{}.ServeHTTP(w, r)
		})
	}
}
