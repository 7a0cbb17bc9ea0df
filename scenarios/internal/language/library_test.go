package language_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
)

// folder writes files of scenarios, by their names.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a[b]*") // as no pattern of a glob
	require.NoError(t, os.Mkdir(dir, 0o750))
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

// What a file uses is found in the files beside it, by name or slug, and what those use, too; it is no scenario of the library's own. A file beside that
// is called like what is missing and cannot be read is reported, others are not.
func TestLoad_beside(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"pays.yaml":     "name: pays\nsteps: [{use: logs-in}, {use: pays later}]\n",
		"1.yml":         "name: Logs in\nsetup: ground\nsteps: [{sleep: 0s}]\n",
		"2.json":        `{"name": "pays later", "steps": [{"sleep": "0s"}]}`,
		"ground.yaml":   "name: ground\nsteps: [{sleep: 0s}]\n",
		"unused.yaml":   "name: unused\nsteps: [{slep: 0s}]\n",
		"x.schema.json": `{"name": "pays later"}`,
	})
	l, err := language.Load(nil, filepath.Join(dir, "pays.yaml"))
	require.NoError(t, err)
	require.Len(t, l.Own(), 1)
	require.Equal(t, []string{"Logs in", "ground", "pays", "pays later"}, l.Names())
	require.Equal(t, "Logs in", l.Get("logs-in").Name)
	require.Nil(t, l.Get("unused"))

	dir = folder(t, map[string]string{"a.yaml": "name: a\nsteps: [{use: b}]\n", "b.yaml": "name: b\nsteps: [{slep: 0s}]\n", "c.yaml": "name: c\nsteps: [{slep: 0s}]\n"})
	_, err = language.Load(nil, filepath.Join(dir, "a.yaml"))
	require.ErrorContains(t, err, `b.yaml:2:10: steps[0]: there is no step "slep"`)
	require.ErrorContains(t, err, `there is no scenario "b"`)
	require.NotContains(t, err.Error(), "c.yaml")
}

// A file or folder that is not there is an error of the system, and a folder's own files come by their names, at any depth.
func TestLoad_paths(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"b.yaml": "name: b\nsteps: [{sleep: 0s}]\n", "a.yaml": "name: a\nsteps: [{sleep: 0s}]\n"})
	l, err := language.Load(nil, dir)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, l.Names())
	_, err = language.Load(nil, dir, filepath.Join(dir, "none.yaml"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// A text that is parsed into a library may read what the library is given and use what it has, or what is under it; what it names and is nowhere is
// reported with all else that is wrong.
func TestLibrary_parse(t *testing.T) {
	t.Parallel()
	under := language.NewLibrary(nil)
	base, err := under.Parse("base.yaml", []byte("name: base\nvars: {from: 1}\nsteps: [{sleep: 0s}]\n"))
	require.NoError(t, err)
	require.NoError(t, under.Add(base))
	l := language.NewLibrary(under).Give("pin")
	s, err := l.Parse("top.yaml", []byte("name: top\nsteps: [{use: base}, {set: {a: \"${pin + from}\"}}, {use: base, with: {from: 2}}]\n"))
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"from", "a", "from"}, s.Exports())
	require.False(t, s.HasFixture())
	require.Equal(t, "top", s.Cases()[0].Name())
	require.Equal(t, s.Position, s.Cases()[0].Position())
	require.True(t, s.Cases()[0].At(99), "the one case has all lines")
	_, err = l.Parse("top.yaml", []byte("name: top\nsteps: [{slep: 0s}, {use: bas}, {set: {a: \"${pin}\"}}]\n"))
	require.ErrorContains(t, err, `there is no step "slep"`)
	require.ErrorContains(t, err, `there is no scenario "bas" (did you mean "base"?)`)
	require.NotContains(t, err.Error(), "undefined variable", "what is given is defined")
	_, err = under.Parse("top.yaml", []byte("name: top\nsteps: [{set: {a: \"${pin}\"}}]\n"))
	require.ErrorContains(t, err, `undefined variable "pin"`)
}

// Where a slug is that of two scenarios, it stands for neither; their names do.
func TestLibrary_ambiguousSlug(t *testing.T) {
	t.Parallel()
	l := language.NewLibrary(nil)
	for _, name := range []string{"pays once", "Pays: once"} {
		s, err := language.Parse("x.yaml", []byte("name: \""+name+"\"\nsteps: [{sleep: 0s}]\n"))
		require.NoError(t, err)
		require.NoError(t, l.Add(s))
	}
	require.Nil(t, l.Get("pays-once"))
	require.Equal(t, "Pays: once", l.Get("Pays: once").Name)
}

// A file's name is a scenario's where it can be one.
func TestNameOf(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{"a/b/pays twice.yaml": "pays twice", "pays.v2.yaml": "pays.v2", "x/ .yaml": "my-scenario", ".yaml": "my-scenario", "a\x07b.yaml": "my-scenario", "plain": "plain"} {
		require.Equal(t, want, language.NameOf(file), file)
	}
}

// A library under another is read when a name is looked for that the upper one does not have, and once.
func TestLazyLibrary(t *testing.T) {
	read := 0
	lazy := language.LazyLibrary(func() *language.Library {
		read++
		return inMemory(t, nil, fstest.MapFS{"low.yaml": {Data: []byte("name: low\nsteps: [{sleep: 1s}]\n")}})
	})
	upper := inMemory(t, lazy, fstest.MapFS{"up.yaml": {Data: []byte("name: up\nsteps: [{sleep: 1s}]\n")}})
	require.Equal(t, "up", upper.Get("up").Name)
	require.Len(t, upper.Own(), 1)
	require.Zero(t, read, "nobody has asked for what is in it")
	require.Equal(t, "low", upper.Get("low").Name)
	require.Equal(t, []string{"low", "up"}, upper.Names())
	require.Len(t, lazy.Own(), 1)
	require.Equal(t, 1, read)
	user := inMemory(t, language.LazyLibrary(func() *language.Library { return lazy }), fstest.MapFS{"user.yaml": {Data: []byte("name: user\nsteps: [{use: low}]\n")}})
	require.Equal(t, "user", user.Get("user").Name)
}

func inMemory(t *testing.T, under *language.Library, files fstest.MapFS) *language.Library {
	t.Helper()
	l, err := language.LoadFS(under, files)
	require.NoError(t, err)
	return l
}
