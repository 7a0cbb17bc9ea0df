package language_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// A problem at a JSON pointer is at the value, or at the nearest that is there; one with a name is at the key; what the detail says to do is the hint.
func TestDocument_At(t *testing.T) {
	d, err := language.ReadDocument("city.yaml", []byte("clock: 2017-08-20 12:00:00\nparkings:\n  - {id: 0138, name: P, \"a/b\": 1}\n"))
	require.NoError(t, err)
	for _, row := range []struct {
		pointer, detail string
		line, column    int
		field, hint     string
	}{
		{"/clock", "is no time", 1, 8, "clock", ""},
		{"/parkings/0/name", "is taken", 3, 22, "parkings[0].name", ""},
		{"/parkings/0/nome", `unknown field "nome"; did you mean "name"?`, 3, 5, "parkings[0].nome", `did you mean "name"?`},
		{"/parkings/0/name", `unknown field "name"`, 3, 16, "parkings[0].name", ""},
		{"/parkings/0/id", "want a string, got a number", 3, 10, "parkings[0].id", `write "0138", in quotes`},
		{"/parkings/0/a~1b", "is wrong", 3, 32, "parkings[0].a/b", ""},
		{"/parkings/7", "is missing", 2, 1, "parkings[7]", ""},
		{"", "is wrong", 1, 1, "", ""},
	} {
		p := d.At(row.pointer, row.detail)
		if row.pointer != "/parkings/7" { // the list begins in the line behind its key
			require.Equal(t, problem.Position{Line: row.line, Column: row.column}, p.Position, row.pointer)
		}
		require.Equal(t, row.field, p.Field)
		require.Equal(t, row.hint, p.Hint)
	}
	require.Equal(t, problem.Position{Line: 1, Column: 1}, d.AtKey("/clock", "is not known").Position)
}

// A document is JSON with the types of YAML 1.2, its keys in their order; what looks like a time stays a text.
func TestReadDocument(t *testing.T) {
	for text, want := range map[string]string{
		"a: 2017-08-20 12:00:00\nb: 2017-08-20\n": `{"a":"2017-08-20 12:00:00","b":"2017-08-20"}`,
		"b: 8.00\na: yes\nn: ~\nt: true\n":        `{"b":8.00,"a":"yes","n":null,"t":true}`,
		"big: 18446744073709551615\n":             `{"big":18446744073709551615}`,
		"code: 012345\n":                          `{"code":12345}`,
		"oct: 0o17\nhex: 0x1F\nneg: -0\n":         `{"oct":15,"hex":31,"neg":-0}`,
		`{"json": [1, "渝", {"x": null}]}`:         `{"json":[1,"渝",{"x":null}]}`,
		"":                                        `{}`,
	} {
		d, err := language.ReadDocument("d.yaml", []byte(text))
		require.NoError(t, err, text)
		require.True(t, json.Valid(d.JSON))
		require.Equal(t, want, string(d.JSON), text)
	}
}

// Of a fixture that cannot be read everything is said that does not follow from its syntax.
func TestReadFixture_aroundMistakes(t *testing.T) {
	t.Parallel()
	_, err := language.ReadFixture("city.yaml", []byte("clock: soon\nparkings:\n  - {id: \"1\", name: A\n  - {id: \"2\", name: B, cty: C}\n  - {id: \"3\", nam: C\nusers: []\nfoults: []\n"))
	require.IsType(t, problem.Problems{}, err)
	var said []string
	for _, p := range err.(problem.Problems) { //nolint:errorlint,forcetypeassert // its type was looked at
		said = append(said, p.Error())
	}
	require.Equal(t, []string{
		`city.yaml:1:8: clock: want a time such as 2017-08-20 12:00:00, got "soon"`,
		`city.yaml:3:5: { is never closed (a } is missing)`,
		`city.yaml:4:24: parkings[1]: unknown field "cty" (did you mean "city"?)`,
		`city.yaml:5:5: { is never closed (a } is missing)`,
		`city.yaml:7:1: unknown field "foults" (did you mean "faults"?)`,
	}, said)

	_, err = language.ReadFixture("city.yaml", []byte("clock: {now: 2017-08-20 12:00:00\nparkings:\n  - {id: \"1\", name: A}\n"))
	require.EqualError(t, err, "city.yaml:1:8: { is never closed (a } is missing)")
	_, err = language.ReadFixture("city.json", []byte(`{"clock": {"now": "2017-08-20 12:00:00"`))
	require.EqualError(t, err, "city.json:1:1: { is never closed (}} are missing)")
}

// A fixture in JSON is what it says, byte for byte, and in a small one a problem is still where it is; in YAML it is read as any document.
func TestReadFixture(t *testing.T) {
	text := "{\"parkings\": [{\"id\": 138}],\n \"rules\": {}}"
	d, err := language.ReadFixture("city.json", []byte(text))
	require.NoError(t, err)
	require.Equal(t, text, string(d.JSON))
	p := d.At("/parkings/0/id", "want a string, got a number")
	require.Equal(t, problem.Position{Line: 1, Column: 22}, p.Position)
	require.Equal(t, `write "138", in quotes`, p.Hint)
	require.Equal(t, problem.Position{Line: 2, Column: 2}, d.AtKey("/rules", "is not known").Position)

	d, err = language.ReadFixture("large.json", []byte(`{"note": "`+strings.Repeat("x", 4<<20)+`", "parkings": [1]}`))
	require.NoError(t, err)
	p = d.At("/parkings/0", "want an object, got a number")
	require.Equal(t, "large.json: parkings[0]: want an object, got a number", p.Error())
	require.Equal(t, p, d.AtKey("/parkings/0", "want an object, got a number"))

	d, err = language.ReadFixture("city.yaml", []byte("parkings: []\n"))
	require.NoError(t, err)
	require.JSONEq(t, `{"parkings":[]}`, string(d.JSON))
	_, err = language.ReadFixture("huge.json", []byte(`"`+strings.Repeat("x", 128<<20)+`"`))
	require.EqualError(t, err, "huge.json: is over 128 MiB")
}

// Every key that a mapping has already is said, whatever the file: each time at the one that is too many.
func TestReadFixture_twice(t *testing.T) {
	text := `{"rules": {}, "rules": {"a/b": 1, "a/b": 2, "a/b": 3}, "users": [{"phone": 1, "phone": 2}]}`
	d, err := language.ReadFixture("twice.json", []byte(text))
	require.NoError(t, err, "whoever reads it strictly says so")
	const twice = "this field is there twice"
	said := [][2]string{{"/clock", "is wrong"}, {"/rules", twice}, {"/rules/a~1b", twice}, {"/rules/a~1b", twice}, {"/users/0/phone", twice}, {"/users/0/name", twice}}
	var found []string
	for _, p := range d.Placed(func(yield func(pointer, detail string) bool) {
		for _, each := range said {
			if !yield(each[0], each[1]) {
				return
			}
		}
	}) {
		found = append(found, p.Error())
	}
	require.Equal(t, []string{
		"twice.json:1:1: clock: is wrong",
		"twice.json:1:15: rules: " + twice,
		"twice.json:1:35: rules.a/b: " + twice,
		"twice.json:1:45: rules.a/b: " + twice,
		"twice.json:1:66: users[0].name: " + twice, // it is not there at all
		"twice.json:1:79: users[0].phone: " + twice,
	}, found)

	_, err = language.ReadFixture("twice.yaml", []byte("clock: soon\nrules: {}\nrules: {a: 1, a: 2}\nclock: later\n"))
	require.IsType(t, problem.Problems{}, err)
	found = nil
	for _, p := range err.(problem.Problems) { //nolint:errorlint,forcetypeassert // its type was looked at
		found = append(found, p.Error())
	}
	require.Equal(t, []string{
		`twice.yaml:1:8: clock: want a time such as 2017-08-20 12:00:00, got "soon"`,
		`twice.yaml:3:1: "rules" is there twice`,
		`twice.yaml:3:15: "a" is there twice`,
		`twice.yaml:4:1: "clock" is there twice`,
	}, found)
	_, err = language.ReadDocument("twice.json", []byte(text))
	require.Len(t, err, 4)
}

// Two that use each other are linked from both sides at once, and each is told of the circle; so are many that use one.
func TestLink_atOnce(t *testing.T) {
	for range 50 {
		l := language.NewLibrary(nil)
		for name, text := range map[string]string{
			"a": "steps: [{use: b}]", "b": "steps: [{use: c}]", "c": "steps: [{use: a}]", "shared": "steps: [{set: {x: 1}}]",
			"d": "setup: shared\nsteps: [{set: {y: \"${x}\"}}]", "e": "steps: [{use: shared}, {set: {y: \"${x}\"}}]",
		} {
			s, err := language.Parse(name+".yaml", []byte("name: "+name+"\n"+text+"\n"))
			require.NoError(t, err)
			require.NoError(t, l.Add(s))
		}
		var linking sync.WaitGroup
		errs := make([]error, 6)
		for i, name := range []string{"a", "b", "c", "shared", "d", "e"} {
			linking.Go(func() { errs[i] = l.Get(name).Link(l) })
		}
		linking.Wait()
		for _, err := range errs[:3] {
			require.ErrorContains(t, err, "uses itself: ")
		}
		for _, err := range errs[3:] {
			require.NoError(t, err)
		}
	}
}

// What a scenario needs of its target it needs through its setup and what it uses, too.
func TestScenario_Needs(t *testing.T) {
	l, err := language.LoadFS(nil, fstest.MapFS{
		"reads.yaml":  {Data: []byte("name: reads\nsteps: [{call: carnum, data: {token: t}}]\n")},
		"writes.yaml": {Data: []byte("name: writes\nsteps: [{call: bindcar, data: {token: t, plateNumber: 渝A12345}}]\n")},
		"sms.yaml":    {Data: []byte("name: sms\nsteps: [{sms: {mobilePhone: \"13800000001\"}}]\n")},
		"cars.yaml":   {Data: []byte("name: cars\nsetup: writes\nsteps: [{repeat: {times: 2, steps: [{enter: {plateNumber: 渝A12345, parkingId: \"1\"}}]}}, {push: entry}]\n")},
		"all.yaml":    {Data: []byte("name: all\nsteps: [{parallel: [{use: cars}, {use: sms}]}]\n")},
	})
	require.NoError(t, err)
	for name, want := range map[string][4]int{"reads": {0, 0, 0, 0}, "writes": {0, 0, 1, 0}, "sms": {0, 0, 0, 1}, "cars": {1, 1, 1, 0}, "all": {1, 1, 1, 1}} {
		n := l.Get(name).Needs()
		require.Equal(t, want, [4]int{len(n.Control), len(n.Pushes), len(n.Writes), len(n.SMS)}, name)
	}
	require.True(t, l.Get("cars").Asserts())
	require.False(t, l.Get("sms").Asserts())
}

// A variable is declared where a file, its setup or its matrix has it, or where it is read; one like it is named.
func TestScenario_Declares(t *testing.T) {
	l, err := language.LoadFS(language.NewLibrary(nil).Give("pin"), fstest.MapFS{
		"base.yaml": {Data: []byte("name: base\nvars: {phone: \"1\"}\nsteps: [{sleep: 0s}]\n")},
		"user.yaml": {Data: []byte("name: user\nsetup: base\nvars: {due: 10}\nmatrix: [{row: 1}]\nsteps: [{set: {a: \"${pin}\"}}]\n")},
	})
	require.NoError(t, err)
	for name, want := range map[string]bool{"phone": true, "due": true, "row": true, "pin": true, "a": false, "deu": false} {
		declared, near := l.Get("user").Declares(name)
		require.Equal(t, want, declared, name)
		require.Equal(t, name == "deu", near == `did you mean "due"?` && !declared, name)
	}
	require.Equal(t, []string{"phone", "due", "row"}, []string{l.Get("user").AllVars()[0].Name, l.Get("user").AllVars()[1].Name, l.Get("user").AllVars()[2].Name})
}

// Names that no sandbox, endpoint, kind or step has are found when the file is read, with what is near (docs/scenarios.md: an error, not a step that passes).
func TestParse_unknownNames(t *testing.T) {
	for step, want := range map[string]string{
		`{call: bindcr}`:                       `there is no endpoint "bindcr" (did you mean "bindcar"?)`,
		`{push: entri}`:                        `there is no kind of push "entri" (did you mean "entry"?)`,
		`{push: entry, expect: {exitTime: x}}`: `push entry has no "exitTime"`,
		`{call: carnum, data: {token: t}, expect: {data: {nummer: 1}}}`:             `the answer of carnum has no "nummer" (did you mean "number"?)`,
		`{call: bindcar, data: {tokn: t, plateNumber: 渝A12345}}`:                    `bindcar has no parameter "tokn" (did you mean "token"?)`,
		`{verify: {requests: {endpoint: bindcr}}}`:                                  `"bindcr"`,
		`{call: carnum, data: {token: t}, as: M9}`:                                  `the sandbox has no merchant "M9"`,
		`{call: carnum, data: {token: t}, save: {now: data.number}}`:                `the name is taken: expressions have it already`,
		`{enter: {plate: 渝ATX061, plateColor: "1"}}`:                                `unknown field "plate" (did you mean "plateNumber"?)`,
		`{call: carnum, data: {token: t}, expct: {code: 0}}`:                        `unknown field "expct" of the step call (did you mean "expect"?)`,
		`{call: carnum, data: {token: t}, enter: {plateNumber: x, parkingId: "1"}}`: `does two things, call and enter`,
	} {
		_, err := language.Parse("x.yaml", []byte("name: x\nsandbox: {merchants: [{no: M1}]}\nsteps:\n  - "+step+"\n"))
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "x.yaml:4:", step)
	}
	for _, right := range []string{
		`{call: bindcar, data: {token: t, plateNumber: 渝A12345, unknown: x}}`, // it ignores them (§7), with a lint
		`{push: entry, expect: {exitTime: {$absent: true}}}`,
	} {
		_, err := language.Parse("x.yaml", []byte("name: x\nsteps:\n  - "+right+"\n"))
		require.NoError(t, err, right)
	}
}

// Of a file system the scenarios are read at any depth, but for hidden folders and JSON Schemas; a name that is taken is said with where.
func TestLoadFS(t *testing.T) {
	scenario := func(name string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("name: " + name + "\nsteps: [{sleep: 0s}]\n")}
	}
	l, err := language.LoadFS(nil, fstest.MapFS{
		"a.yaml": scenario("a"), "deep/er/b.yml": scenario("b"), ".git/c.yaml": scenario("c"), "scenario.schema.json": scenario("d"), "notes.txt": scenario("e"),
		"f.json": {Data: []byte(`{"name":"f","steps":[{"sleep":"0s"}]}`)},
	})
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b", "f"}, l.Names())
	require.Len(t, l.All(), 3)
	over := language.NewLibrary(l)
	require.Empty(t, over.Own())
	require.Len(t, over.All(), 3)
	_, err = language.LoadFS(nil, fstest.MapFS{"a.yaml": scenario("same"), "b.yaml": scenario("same")})
	require.ErrorContains(t, err, `b.yaml:1:7: name: the name "same" is taken by a.yaml:1`)
}

// What is right of a folder is loaded though something else in it is wrong; what uses what is wrong is not, and is not reported for it.
func TestLoadFS_partly(t *testing.T) {
	l, err := language.LoadFS(nil, fstest.MapFS{
		"right.yaml": {Data: []byte("name: right\nsteps: [{sleep: 0s}]\n")}, "wrong.yaml": {Data: []byte("name: wrong\nsteps: [{slep: 0s}]\n")},
		"lost.yaml": {Data: []byte("name: lost\nsteps: [{use: nowhere}]\n")},
	})
	require.ErrorContains(t, err, `wrong.yaml:2:10: steps[0]: there is no step "slep" (did you mean "sleep"?)`)
	require.ErrorContains(t, err, `there is no scenario "nowhere"`)
	require.Equal(t, []string{"right"}, l.Names())
}

// A row of a matrix is a case with its number; the fixture and the state are those of the setup where the scenario has none.
func TestScenario_parts(t *testing.T) {
	l, err := language.LoadFS(nil, fstest.MapFS{
		"base.yaml": {Data: []byte("name: base\nsandbox: {clock: 2017-08-20 12:00:00}\nneeds: [clock]\nsteps: [{set: {a: 1}}]\n")},
		"user.yaml": {Data: []byte("name: user\nsetup: base\nmatrix: [{n: 1}, {n: 2}]\nsteps: [{set: {b: \"${a + n}\"}, name: adds}, {repeat: {times: 1, steps: [{sleep: 0s}]}}]\nfinally: [{sleep: 0s}]\n")},
	})
	require.NoError(t, err)
	s := l.Get("user")
	require.Equal(t, "user[2]", s.Cases()[1].Name())
	require.Equal(t, 3, s.Cases()[1].Position().Line)
	require.True(t, s.HasFixture())
	parts, line := s.StateNeeded()
	require.Equal(t, "clock", parts)
	require.Equal(t, 3, line)
	var titles []string
	s.Walk(func(step *language.Step) { titles = append(titles, step.Title()) })
	require.Equal(t, []string{"adds", "repeat", "sleep 0s", "sleep 0s"}, titles)
	require.Equal(t, language.PhaseFinally, s.Finally[0].Phase)
	require.ElementsMatch(t, []string{"a", "b"}, s.Exports())
}
