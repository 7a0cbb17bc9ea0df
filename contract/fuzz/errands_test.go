package fuzz

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract/fuzz/internal/model"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// acts are what an errand's line may do besides calls, and what each may set.
var acts = map[string][]string{
	"wait": {}, "redeliver": {}, "sms": {"mobilePhone"}, "enter": {"plateNumber", "plateColor", "parkingId"}, "exit": {"plateNumber", "plateColor", "payment"},
}

// A line of an errand is an endpoint of the tables, or an act; it sets parameters that this one has, and changes them in ways that there are. A platform without a
// simulator is given no acts, and one that is not to be written to no writing calls.
func TestErrands_lines(t *testing.T) {
	t.Parallel()
	for _, errand := range errands {
		for _, line := range errand.lines {
			words := strings.Fields(strings.TrimPrefix(line, "?"))
			verb, by, _ := strings.Cut(words[0], "@")
			require.Contains(t, []string{"", "other", "any"}, by, line)
			names, isAct := acts[verb]
			require.True(t, errand.simulator || !isAct, line)
			if !isAct {
				e, known := schemas.Lookup(map[string]string{"login": "usersigin", "again": "orderpaid"}[verb])
				if !known {
					e, known = schemas.Lookup(verb)
				}
				require.True(t, known, line)
				require.True(t, errand.writes || !e.Writes, line)
				for _, p := range e.Params {
					names = append(names, p.Name)
				}
			}
			if verb == "wait" || verb == "redeliver" {
				require.Len(t, words, 2, line)
				continue
			}
			for _, word := range words[1:] {
				name, alternatives, ok := strings.Cut(word, "=")
				require.True(t, ok && alternatives != "", line)
				require.Contains(t, names, name, line)
				for alternative := range strings.SplitSeq(alternatives, "|") {
					if _, how, changed := strings.Cut(alternative, "~"); changed && how != "last" {
						require.Contains(t, derivations, how, line)
					}
				}
			}
		}
	}
}

// Every line of every errand is played, by the merchant that it names, as the step that it says; and what it takes from an answer, an earlier step of it has asked for.
func TestErrands_played(t *testing.T) {
	t.Parallel()
	for _, errand := range errands {
		played, linked := map[string]bool{}, map[string]bool{}
		for seed := range uint64(40) {
			g := generator{rng: rng(seed, 1), simulator: true, writes: true, setup: model.Usual()}
			g.begin()
			g.next = slices.Clone(errand.lines)
			for id := 0; len(g.next) > 0; {
				line := g.next[0]
				s, ok := g.line(id)
				if !ok {
					continue
				}
				played[line] = true
				verb, by, _ := strings.Cut(strings.TrimPrefix(strings.Fields(line)[0], "?"), "@")
				require.Equal(t, id, s.id)
				if action, isAct := map[string]string{"wait": "advance", "redeliver": "redeliver", "sms": "sms", "enter": "enter", "exit": "exit"}[verb]; isAct {
					require.Equal(t, action, s.action, line)
				} else {
					require.Equal(t, "call", s.action, line)
				}
				if by == "other" {
					require.Equal(t, 1-g.as, s.as, line)
				}
				if _, isAct := acts[verb]; !isAct && verb != "login" && verb != "again" {
					require.Equal(t, verb, s.subject, line)
				}
				for _, f := range s.fields {
					if v := symbolOf(f.value); v != "" {
						linked[line+" "+f.name] = true
					}
				}
				g.note(&s)
				id++
			}
		}
		for _, line := range errand.lines {
			require.True(t, played[line], "%q of %q is never played", line, errand.lines)
			for _, word := range strings.Fields(line)[1:] {
				name, value, _ := strings.Cut(word, "=")
				if slices.Contains([]string{"token", "code", "order", "proof", "scroll", "scroll:other", "token:P", "token:Q", "code:Q", "older"}, value) {
					require.True(t, linked[line+" "+name], "%s of %q is never what an answer gave: %q", name, line, errand.lines)
				}
			}
		}
	}
}

// All errands are begun where all may be; elsewhere those alone that need no simulator, and write nothing.
func TestGenerator_begin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ simulator, writes bool }{{true, true}, {false, true}, {false, false}} {
		begun := map[string]bool{}
		g := generator{rng: rng(1, 1), simulator: c.simulator, writes: c.writes}
		for range 100 * len(errands) {
			g.begin()
			begun[strings.Join(g.next, ";")] = true
			require.True(t, c.simulator || g.as == 0)
			require.NotEqual(t, g.words["P"], g.words["Q"])
			require.NotEqual(t, g.words["X"], g.words["Y"])
		}
		for _, e := range errands {
			may := (c.simulator || !e.simulator) && (c.writes || !e.writes)
			require.Equal(t, may, begun[strings.Join(e.lines, ";")], e.lines)
		}
	}
}

// A wait is a duration, or a rule's; a little more or less than it, or half of it. No step waits for nothing.
func TestGenerator_wait(t *testing.T) {
	t.Parallel()
	g := generator{setup: model.Usual()}
	named := g.setup.Durations()
	for text, want := range map[string]time.Duration{
		"90m": 90 * time.Minute, "1h0m30s": time.Hour + 30*time.Second, "token": named["token"], "token-1s": named["token"] - time.Second, "sms/2": named["sms"] / 2,
		"quote+1s": named["quote"] + time.Second, "history-1h1s": named["history"] - time.Hour - time.Second, "free+1m": named["free"] + time.Minute, "0s": 0,
	} {
		s, ok := g.wait(7, text)
		require.Equal(t, want > 0, ok, text)
		require.Equal(t, fuzzStep{id: 7, action: "advance", subject: want.String()}, s, text)
	}
	for _, errand := range errands {
		for _, line := range errand.lines {
			all, ok := strings.CutPrefix(strings.TrimPrefix(line, "?"), "wait ")
			for text := range strings.SplitSeq(all, "|") {
				_, waits := g.wait(0, text)
				require.True(t, !ok || waits || text == "0s", "%q waits for nothing", text)
			}
		}
	}
}

// A word of an errand is a phone, a plate, what an answer gave, a number, a text with spaces, or one of these changed.
func TestGenerator_worded(t *testing.T) {
	t.Parallel()
	phone, other := symbol("phone2"), symbol("phone3")
	g := generator{
		rng: rng(1, 1), words: map[string]any{"P": phone, "Q": other, "X": symbol("plate4")},
		tokens: []given{{id: 1, phone: phone}, {id: 2, phone: other}, {id: 3, phone: phone}, {id: 4, as: 1, phone: phone}},
		codes:  []given{{id: 5, phone: phone}, {id: 6, phone: other}}, quotes: []given{{id: 7}, {id: 8}}, scrolls: []given{{id: 9}, {id: 10, as: 1}},
	}
	registry := model.Registry
	for word, want := range map[string]any{
		"P": phone, "X~lower": derived{"plate4", "lower"}, "token": symbol("token3"), "older": symbol("token1"), "token:Q": symbol("token2"), "token:P": symbol("token4"),
		"token~shorter": derived{"token3", "shorter"}, "code": symbol("code5"), "code:Q": symbol("code6"), "order": symbol("order8"), "order:older": symbol("order7"),
		"proof:older": symbol("proof7"), "fee": symbol("fee8"), "scroll": symbol("scroll9"), "scroll:other": symbol("scroll10"), "#10": json.Number("10"), "''": "",
		"2017-08-20_13:00:00": "2017-08-20 13:00:00", "text1": symbol("text1"), "R": registry[0].Plate, "L": registry[2].Plate, "L2": registry[3].Plate,
		"V2": registry[1].VIN, "E3": registry[2].Engine, "V1~changed": "~" + registry[0].VIN[1:], "E1~longer": registry[0].Engine + "0", "10,0": "10,0",
	} {
		require.Equal(t, want, g.worded("x", word, 0), word)
	}
	require.Equal(t, "x", (&generator{rng: rng(1, 1)}).worded("token", "", 0), "nobody has a token")
}

// A derived value differs from what it is made of, and from every other: what a refusal of it shows is known.
func TestDerivations(t *testing.T) {
	t.Parallel()
	require.Len(t, howNames, len(derivations))
	for _, text := range []string{"0b59582d-ea6f-4bf1-a570-e803cc24eBe0", "渝Ab12-45"} {
		made := map[any]string{text: "itself"}
		for _, how := range howNames {
			v := resolve(derived{"token1", how}, func(symbol) any { return text })
			require.Empty(t, made[v], "%s gives %v", how, v)
			made[v] = how
		}
	}
	require.Equal(t, "x", resolve(derived{"token1", "longer"}, func(symbol) any { return nil }), "of nothing there is nothing longer")
}
