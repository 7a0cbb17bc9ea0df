package fuzz

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/contract/fuzz/internal/model"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// drawn is a story as some seed makes it.
func drawn(t *rapid.T) (s story, simulator, writes bool) {
	simulator, writes = rapid.Bool().Draw(t, "simulator"), rapid.Bool().Draw(t, "writes")
	m := maker{seed: rapid.Uint64().Draw(t, "seed"), simulator: simulator, writes: writes, receives: rapid.Bool().Draw(t, "receives"), length: 20}
	number := rapid.Uint64Range(1, 1<<40).Draw(t, "number")
	s = m.story(number, nil)
	if rapid.Bool().Draw(t, "goes on") {
		s = m.story(number+1, &s)
	}
	return s, simulator, writes
}

// gives has what a later step takes, and the endpoints and steps that give it.
var gives = map[string][]string{"token": {"usersigin", "userlogin"}, "order": {"orderunpay"}, "proof": {"orderunpay"}, "fee": {"orderunpay"}, "code": {"sms"}, "scroll": {"surroundingparking"}}

// The same seed and number make the same story. Its steps are numbered from 0; it drives cars and moves clocks only where there is a simulator, and writes only where it
// may; and what a step takes from an answer, an earlier step has asked for.
func TestMaker_story(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m, number := maker{seed: rapid.Uint64().Draw(t, "seed"), simulator: true, length: 20}, rapid.Uint64().Draw(t, "number")
		require.Equal(t, m.story(number, nil), m.story(number, nil))
		s, simulator, writes := drawn(t)
		require.NotEmpty(t, s.steps)
		asked := map[string]string{} // the endpoints, or what else is done, by the ids of the steps
		for i, step := range s.steps {
			require.Equal(t, i, step.id)
			if step.action != "call" {
				require.True(t, simulator, step.action)
				asked[strconv.Itoa(i)] = step.action
				continue
			}
			e, known := schemas.Lookup(step.subject)
			require.True(t, known, step.subject)
			require.False(t, e.Writes && !writes && !simulator, step.subject)
			require.True(t, simulator || step.as == 0, "a platform has one merchant that is known")
			for _, f := range step.fields {
				v := symbolOf(f.value)
				if _, fixed := s.fixed(v); v == "" || fixed {
					continue
				}
				name := strings.TrimRight(string(v), "0123456789")
				from := asked[strings.TrimPrefix(string(v), name)]
				require.Contains(t, gives[name], from, "step %d takes %s", i, v)
			}
			asked[strconv.Itoa(i)] = step.subject
		}
	})
}

// However a step writes its data, it is a JSON object with these fields, unless it is garbage.
func TestFuzzStep_text(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, _, _ := drawn(t)
		for _, step := range s.steps {
			known := func(v symbol) any { return "<" + string(v) + ">" }
			text := step.text(known)
			if step.raw != "" {
				require.Equal(t, step.raw, text)
				continue
			}
			want := map[string]any{}
			for _, f := range step.fields {
				want[f.name] = resolve(f.value, known)
			}
			got := map[string]any{}
			dec := json.NewDecoder(strings.NewReader(text))
			dec.UseNumber()
			require.NoError(t, dec.Decode(&got), "%s: %s", step.style, text)
			require.Equal(t, want, got, step.style)
		}
	})
}

// Garbage is no JSON object in UTF-8, whoever reads it.
func TestGarbage(t *testing.T) {
	t.Parallel()
	for _, text := range garbage {
		var object map[string]json.RawMessage
		err := json.Unmarshal([]byte(text), &object)
		require.True(t, err != nil || object == nil || !utf8.ValidString(text), "%q", text)
	}
}

// What is made up to be good has its form; what is given as good ones has it, too.
func TestGenerator_good(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := generator{rng: rng(rapid.Uint64().Draw(t, "seed"), 1)}
		for form, some := range values {
			if text := g.good(form); text != "" {
				require.True(t, model.WellFormed(form, text), "%v: %q", form, text)
			}
			for _, v := range some[0] {
				if text := model.Text(map[string]any{"v": v}, "v"); text != "" {
					require.True(t, model.WellFormed(form, text), "%v: %q", form, text)
				}
			}
		}
	})
	s := story{salt: 123_456_789}
	for v, form := range map[symbol]schemas.Form{"phone0": schemas.FormPhone, "phone1": schemas.FormPhone, "plate0": schemas.FormPlate, "plate6": schemas.FormPlate, "text1": schemas.FormKeptText} {
		text, fixed := s.fixed(v)
		require.True(t, fixed)
		require.True(t, model.WellFormed(form, text), "%s: %q", v, text)
	}
	_, fixed := s.fixed("token3")
	require.False(t, fixed, "an answer gives it")
}

// A story is made smaller without a change of the one that it came from.
func TestStory_smaller(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, _, _ := drawn(t)
		before := s.with(slices.Clone(s.steps))
		for i := range before.steps {
			before.steps[i].fields = slices.Clone(before.steps[i].fields)
		}
		i := rapid.IntRange(0, len(s.steps)-1).Draw(t, "step")
		require.Equal(t, s.steps[:i+1], s.upTo(i).steps)
		require.Len(t, s.without(i, 1).steps, len(s.steps)-1)
		plain := s.plainly(i).steps[i]
		require.Empty(t, plain.way+plain.style+plain.stamp+strings.Join(plain.overrides, ""))
		for j, f := range s.steps[i].fields {
			without, simpler := s.withoutField(i, j), s.simpler(i, j)
			if s.steps[i].action != "call" { // a car has to have its plate
				require.Equal(t, s, without)
				require.Equal(t, s, simpler)
				continue
			}
			require.Len(t, without.steps[i].fields, len(s.steps[i].fields)-1)
			if plain := simple(f.name); plain != nil {
				require.Equal(t, plain, simpler.steps[i].fields[j].value)
			}
		}
		require.Equal(t, before, s)
		last := s.withoutField(i, len(s.steps[i].fields)+1)
		require.Equal(t, s, last, "there is no such field")
	})
}

// Every story can be written as a scenario, which is one: it parses, and has a step for each of the story's.
func TestStory_scenario(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, _, _ := drawn(t)
		at := &breach{message: "carnum: \"quoted\" ${x}\n渝", step: s.steps[len(s.steps)-1].id, wantCode: rapid.SampledFrom([]int{model.Unsure, 0, 6}).Draw(t, "code"), codes: map[int]int{0: 4}}
		text := s.scenario(model.SetupOf(s.made, true), at)
		parsed, err := scenarios.Parse("found.yaml", []byte(text))
		require.NoError(t, err, text)
		want := len(s.steps)
		for _, step := range s.steps {
			if step.action == "redeliver" { // which nothing has redelivered
				want--
			}
		}
		require.Len(t, parsed.Steps, want, text)
		if last := s.steps[len(s.steps)-1]; last.action == "call" && at.wantCode >= 0 {
			require.NotNil(t, parsed.Steps[want-1].Expect, text)
		}
	})
}

// A parameter that an endpoint does not have is sent as text, for a scenario takes it for a slip where a required one is missing.
func TestStory_scenarioOfAnUnknownParameter(t *testing.T) {
	t.Parallel()
	s := story{steps: []fuzzStep{{action: "call", subject: "carnum", fields: []fuzzField{{"memo", nil}}}}}
	text := s.scenario(model.Usual(), &breach{message: "x", wantCode: model.Unsure})
	_, err := scenarios.Parse("found.yaml", []byte(text))
	require.NoError(t, err, text)
	require.Contains(t, text, `rawData: "{\"memo\":null}"`)
}

// A stamp at the edge of the window is good to the second, and one second beyond it is not (§3.2).
func TestFuzzStep_edge(t *testing.T) {
	t.Parallel()
	start, seen := model.Usual().Clock, map[time.Duration]bool{}
	for number := range uint64(64) {
		gone := time.Duration(number) * time.Minute
		var f fuzzStep
		f.edge(rng(1, number), start.Add(gone), model.Usual().Window)
		at, err := time.ParseInLocation("20060102150405", f.stamp, start.Location())
		require.NoError(t, err)
		off := at.Sub(start.Add(gone))
		seen[off] = true
		require.Equal(t, off.Abs() > 10*time.Minute, f.expired, off)
	}
	require.Len(t, seen, 4, "before and behind, inside and outside")
}
