package platform

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/schemas"
)

var dataSeeds = []string{
	`{}`, `{"token":"x"}`, ` { "a" : [1,{"b":"}"}] , "a":null } `, `{"mobilePhone":13800000001}`, `{"plateNumber":"渝 b757d0","plateColor":2}`,
	`{"payment":1e400,"payTime":"2017-06-12 09:58:58"}`, `{"lat":"39.87274","lon":"116.429718","radius":"500","payType":"1","city":"北京市","scrollId":""}`,
	`[]`, `null`, `{"a":"\ud800"}`, "{\"a\":\"\xff\"}", "\ufeff{}", `{"a":1,}`, `{"\u0074oken":"\"\\\/\b"}`, `{"a":{}}{}`,
}

// The scan of data finds what encoding/json does: the same keys, the last of each, and objects only.
func FuzzMembers(f *testing.F) {
	for _, seed := range dataSeeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		all, err := members(nil, data)
		var want map[string]json.RawMessage
		valid := json.Unmarshal([]byte(data), &want) == nil && want != nil && utf8.ValidString(data)
		require.Equal(t, valid, err == nil, "%q: %v", data, err)
		if !valid {
			return
		}
		got := map[string]member{}
		for _, m := range all {
			got[m.name] = m
		}
		require.Len(t, got, len(want))
		for name, raw := range want {
			m, found := got[name]
			require.True(t, found, "%q in %q", name, data)
			require.Equal(t, kindOf(raw[0]), m.kind)
			if text := string(raw); m.kind == 's' {
				require.NoError(t, json.Unmarshal(raw, &text))
				require.Equal(t, text, m.text)
			} else {
				require.Equal(t, text, m.text)
			}
		}
	})
}

// Whatever data holds, checks 7 to 9 give an input or one of their codes, with a reason that is fully told.
func FuzzDecode(f *testing.F) {
	for i, seed := range dataSeeds {
		f.Add(byte(i), seed)
	}
	f.Fuzz(func(t *testing.T, which byte, data string) {
		all := schemas.Endpoints()
		row, _ := schemas.Lookup(all[int(which)%len(all)].Name)
		in, lints, refusal := Decode(row, data)
		require.LessOrEqual(t, len(lints), maxLints)
		for _, l := range lints {
			require.True(t, slices.ContainsFunc(lintTable, func(r LintRule) bool { return r.Rule == l.Rule }), l.Rule)
		}
		if refusal == nil {
			for _, p := range row.Params {
				text := in.Get(p.Name)
				require.True(t, text == "" || checkForm(p.Form, text) == "", "%s %q", p.Name, text)
				require.False(t, p.Required && text == "", p.Name)
			}
			return
		}
		require.Contains(t, []int{schemas.CodeBadParameter, schemas.CodeMissingParameter, schemas.CodeBadPhone}, refusal.Code)
		require.True(t, utf8.ValidString(refusal.Explain("en")) && utf8.ValidString(refusal.Explain("zh")))
		require.Less(t, len(refusal.Explain("en")), 1000)
	})
}

// A plate that holds has 7 or 8 characters and stays as it is when it is read again.
func FuzzPlate(f *testing.F) {
	for _, seed := range []string{"渝ATX061", "渝 b757d0", "京AD12345", "粤Z1234港", "使A12345", "渝　A12345", "渝A1234学学", "", "\xff", "渝A1234\xe5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plate, spaces, lower := NormalPlate(text)
		again, _, _ := NormalPlate(plate)
		require.Equal(t, plate, again)
		require.Equal(t, text != plate, spaces || lower)
		if !ValidPlate(plate) {
			return
		}
		runes := []rune(plate)
		require.True(t, utf8.ValidString(plate) && (len(runes) == 7 || len(runes) == 8), plate)
		require.Equal(t, string(runes[0])+"****"+string(runes[len(runes)-2:]), Mask(plate))
		var v Vehicle
		written, err := Vehicle{plate, "3"}.MarshalText()
		require.NoError(t, err)
		require.NoError(t, v.UnmarshalText(written))
		require.Equal(t, Vehicle{plate, "3"}, v)
	})
}

// An amount that is read is written and read again as the same, in every form.
func FuzzMoney(f *testing.F) {
	for _, seed := range []string{"8", "8.0", "8.00", "10.34", "0.01", "8.000", "8e0", "+8", ".5", "8.", "-0", "9999999999.99", "99999999999", "００"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fen, err := ParseFen(text)
		if err != nil {
			return
		}
		require.GreaterOrEqual(t, fen, Fen(0))
		for _, written := range []string{fen.Plain(), fen.OnePlace()} {
			again, err := ParseFen(written)
			require.NoError(t, err, written)
			require.Equal(t, fen, again)
		}
		written, err := json.Marshal(fen)
		require.NoError(t, err)
		var again Fen
		require.NoError(t, json.Unmarshal(written, &again))
		require.Equal(t, fen, again)
		require.Equal(t, fen*2, fen+again)
	})
}

// A time or a stamp that is read prints as it was written.
func FuzzTime(f *testing.F) {
	for _, seed := range []string{"2017-06-12 09:58:58", "20170721132452", "20170230000000", "2016-02-29 23:59:59", "2017-06-12  9:58:58", "0000-01-01 00:00:00", "9999-12-31 23:59:59", "2017-06-12 9:58:58.1", "２０１７"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if at, err := ParseTime(text); err == nil {
			require.Equal(t, text, FormatTime(at))
			require.False(t, monthBefore(at).After(at.AddDate(0, 0, -28)))
			require.False(t, monthBefore(at).Before(at.AddDate(0, 0, -31)))
		}
		if at, err := ParseStamp(text); err == nil {
			require.Equal(t, text, at.Format(StampLayout))
		}
	})
}

// A duration is never negative, and what is printed of whole seconds reads as the same.
func FuzzDuration(f *testing.F) {
	for _, seed := range []string{"45m", "26h30m", "8d", "1d12h", "60s", "0", "0s", "-1s", "d", "1.5h", "999999d", "1d-1h", "1dd", "9223372036s", "1e9s", "1h1d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := duration.Parse(text)
		if err != nil {
			return
		}
		require.GreaterOrEqual(t, d, time.Duration(0), text)
		if d%time.Second == 0 {
			again, err := duration.Parse(duration.Prose(d))
			require.NoError(t, err, duration.Prose(d))
			require.Equal(t, d, again, text)
		}
	})
}

// verificationInfo and scrollId open only as they were sealed, for what they were sealed for.
func FuzzSeal(f *testing.F) {
	s := newSealer(7)
	at := time.Date(2017, 8, 20, 12, 0, 0, 5, Shanghai)
	made := s.sealQuote(quote{"B9466E26-7420-4BDF-958D-E90106AB5F20", 800, at})
	scrolled := s.sealScroll(scroll{Merchant: "M1", City: "重庆市", After: "20"})
	for _, seed := range []string{made, scrolled, made[:127] + "A", made + "=", "", "AAAA", strings.Repeat("A", 128), "\n" + made, made[:64] + "\n" + made[64:]} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if q, err := s.openQuote(text); err == nil {
			require.Equal(t, made, text) // no other was ever made here
			require.Equal(t, Fen(800), q.amount)
			require.True(t, at.Equal(q.at))
		}
		if v, err := s.openScroll(text); err == nil {
			require.Equal(t, scrolled, text)
			require.Equal(t, scroll{Merchant: "M1", City: "重庆市", After: "20"}, v)
		}
		_, err := newSealer(8).openQuote(text) // another sandbox's
		require.Error(t, err)
	})
}

// A value that a rule takes is kept in a form that it takes again, from JSON too.
func FuzzRule(f *testing.F) {
	for _, seed := range []string{`"60s"`, `true`, `5`, `0.2`, `["10s","2m"]`, `"10s, 2m"`, `"exact"`, `null`, `-1`, `1e400`, `{}`, `[[]]`, `"1e3"`, `""`, `"8d"`, `"NaN"`, `"0x1p3"`} {
		f.Add(byte(len(seed)), seed)
	}
	f.Fuzz(func(t *testing.T, which byte, text string) {
		var value any
		if json.Unmarshal([]byte(text), &value) != nil {
			return
		}
		rule := ruleTable[int(which)%len(ruleTable)]
		kept, err := CheckRule(rule.Name, value)
		if err != nil {
			return
		}
		written, err := json.Marshal(kept)
		require.NoError(t, err)
		var again any
		require.NoError(t, json.Unmarshal(written, &again))
		same, err := CheckRule(rule.Name, again)
		require.NoError(t, err)
		require.Equal(t, kept, same)
	})
}
