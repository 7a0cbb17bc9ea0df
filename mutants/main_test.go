package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mutants/schema"
)

// Of bugs that a client can see so many percent must be found; what nobody can see counts only where it was found all the same. The verdicts are written in the order of the rows.
func TestOptions_print(t *testing.T) {
	rows := []schema.Row{{File: "a.go", Rule: "sign-key"}, {File: "b.go", Rule: "sign-key"}, {File: "c.go", Rule: "sign-key", Unseen: "equal"}, {File: "d.go", Rule: "sign-key"}}
	out := filepath.Join(t.TempDir(), "out.json")
	verdicts := []verdict{{Killed: true, By: "case"}, {}, {}, {Killed: true, By: "crash"}}
	require.NoError(t, options{least: 66, out: out}.print(rows, verdicts, time.Second))
	require.EqualError(t, options{least: 67}.print(rows, verdicts, time.Second), "want at least 67 %")
	verdicts[2].Killed = true // though its row says that nobody can see it
	require.NoError(t, options{least: 75}.print(rows, verdicts, time.Second))
	require.Error(t, options{least: 1}.print(nil, nil, 0), "of none none was found")
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	var written []struct {
		File, By string
		Killed   bool
	}
	require.NoError(t, json.Unmarshal(text, &written))
	require.Len(t, written, 4)
	require.Equal(t, []any{"d.go", "crash", true, false}, []any{written[3].File, written[3].By, written[3].Killed, written[1].Killed})
}

// A run answers a line for each bug. One that says something else, dies or hangs has found the bug, and has ended then.
func TestProcess_try(t *testing.T) {
	for name, c := range map[string]struct {
		script   string
		want     verdict
		ended    bool
		patience time.Duration
	}{
		"killed":   {`read bug; echo '{"killed":true,"by":"case","millis":7}'; read end`, verdict{Killed: true, By: "case", Millis: 7}, false, time.Minute},
		"survived": {`read bug; echo '{"killed":false}'; read end`, verdict{}, false, time.Minute},
		"no JSON":  {`read bug; echo panic; echo 'the bug' >&2`, verdict{Killed: true, By: "crash", Why: "the bug\n"}, true, time.Minute},
		"dies":     {`read bug; echo "$bug $MUTANT_OF_A_TEST" >&2; exit 2`, verdict{Killed: true, By: "crash", Why: "3 sign-key \n"}, true, time.Minute},
		"hangs":    {`read bug; exec sleep 60`, verdict{Killed: true, By: "timeout", Why: "did not end"}, true, 50 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) { // one by one: a file that is written while another process starts cannot be run
			binary := filepath.Join(t.TempDir(), "run")
			require.NoError(t, os.WriteFile(binary, []byte("#!/bin/sh\n"+c.script+"\n"), 0o700))
			p, err := options{}.start(t.Context(), binary, 3)
			require.NoError(t, err)
			got, ended := p.try(3, "sign-key", c.patience)
			require.Equal(t, c.want, got)
			require.Equal(t, c.ended, ended)
			if !ended {
				p.end()
			}
		})
	}
}

// A sample is the same every time, and only of bugs that a client can see.
func TestOptions_rows(t *testing.T) {
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	o := options{table: "table.yaml", sample: 5}
	rows, planted, err := o.rows(root)
	require.NoError(t, err)
	require.Len(t, rows, 5)
	require.NotEmpty(t, planted.Texts)
	again, _, err := o.rows(root)
	require.NoError(t, err)
	require.Equal(t, rows, again)
	for _, r := range rows {
		require.Empty(t, r.Unseen)
	}
	only, _, err := options{table: "table.yaml", only: rows[0].Before}.rows(root)
	require.NoError(t, err)
	require.Contains(t, only, rows[0])
	_, _, err = options{table: "none.yaml"}.rows(root)
	require.ErrorIs(t, err, os.ErrNotExist)
}
