package strict_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

// FuzzDecode holds the parser against encoding/json: what strict takes, json takes alike, and what it refuses has a reason json cannot know.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"parkings":[{"id":"1","lat":"29.5","tariff":{"freeMinutes":15}}],"clock":"2017-08-20 12:00:00","by":"1d12h","raw":{"a":[1]},"fee":12}`,
		`{"a":1,"a":2}`, `[1e5,-0.5,"\ud83d\ude97",null,true]`, "\"\xff\"", `{"a~/b":{}}`, `[[[[[]]]]]`, ``, ` `, `{`, `"\u00`, `01`, `"\ud800"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var b body
		for _, p := range strict.Decode(text, &b, strict.Limits{}) {
			if !utf8.ValidString(p.Pointer) || p.Detail == "" || p.Offset < 0 || p.Offset > len(text) || p.Pointer != "" && p.Pointer[0] != '/' {
				t.Fatalf("problem %+v", p)
			}
		}
		var got, want any
		problems := strict.Decode(text, &got, strict.Limits{})
		err := json.Unmarshal(text, &want)
		switch {
		case len(problems) == 0 && err != nil:
			t.Fatalf("taken, but json says %v", err)
		case len(problems) == 0 && !reflect.DeepEqual(got, want):
			t.Fatalf("read as %#v, not %#v", got, want)
		case err == nil:
			for _, p := range problems {
				if strings.HasPrefix(p.Detail, "not JSON") {
					t.Fatalf("json takes it, but: %+v", p)
				}
			}
		}
	})
}

// FuzzDuration reads back what it prints.
func FuzzDuration(f *testing.F) {
	for _, seed := range []string{"1d12h", "26h30m", "0", "-1s", "1.5d", "1e9s"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := duration.Parse(text); err == nil {
			if again, err := duration.Parse(duration.Format(d)); err != nil || again != d || d < 0 {
				t.Fatalf("%q is %v, printed and read back %v (%v)", text, d, again, err)
			}
		}
	})
}
